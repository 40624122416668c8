"""What Slack takes, in characters and counts; see https://docs.slack.dev/reference/block-kit."""

from __future__ import annotations

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100  # modals and App Home
ACTIONS = 25  # elements in an actions block
BUTTON_LABEL = 75
BUTTON_VALUE = 2_000
OPTIONS = 100
OPTION_LABEL = 75
VIEW_TITLE = 24
PRIVATE_METADATA = 3_000
TEXT = 40_000  # a message's text; Slack cuts it there
URL = 3_000

# Slack names no limit for rich text. A block is kept to what a section takes, and the words of one message well
# under the 13,200 characters at which chat.postMessage answers msg_blocks_too_long.
BLOCK_WORDS = 3_000
MESSAGE_WORDS = 9_000
INDENT = 8  # the deepest list

ACK_S = 2.0  # of the 3 s in which Slack wants an answer; the rest is for the way
REQUEST_BYTES = 1_000_000  # far more than Slack sends
REQUEST_AGE_S = 300  # an older signature is refused
EARLIER_MESSAGES = 15  # of a thread: what apps outside the Marketplace may read at once
