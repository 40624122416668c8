"""What Slack takes, in characters and counts; see https://docs.slack.dev/reference/block-kit."""

from __future__ import annotations

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100  # modals and App Home
ACTIONS = 25  # elements in an actions block
BUTTON_LABEL = 75
OPTIONS = 100
OPTION_LABEL = 75
OPTION_VALUE = 150
INPUT_LABEL = 2_000
INPUT_TEXT = 3_000
PLACEHOLDER = 150
HINT = 2_000
VIEW_TITLE = 24
TEXT = 40_000  # a message's text; Slack cuts it there
URL = 3_000

# Slack names no limit for rich text. A block is kept to what a section takes, and all words of one message, buttons
# too, under the 13,200 characters at which chat.postMessage answers msg_blocks_too_long.
BLOCK_WORDS = 3_000
PAGE_WORDS = 5_000  # of an answer; the rest is a button away
INDENT = 8  # the deepest list

ACK_S = 1.0  # of the 3 s in which Slack wants an answer; the rest is for the way and for waiting in line
REQUEST_BYTES = 1_000_000  # far more than Slack sends
REQUEST_AGE_S = 300  # an older signature is refused
EARLIER_MESSAGES = 15  # of a thread, the newest
