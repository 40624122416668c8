"""How much a text looks like a question, and which headings are never one. A question mark is a score, not a gate."""

from __future__ import annotations

import re

_SHORT = 80  # characters; in a longer text, single words say little
LIKELY = 0.5  # from here on a text counts as a question among its siblings

_TAIL = (
    r"(?:[\s.!~…\"'”’)\]】}:;]|\([^()]{0,80}\)|\[[^\[\]]{0,40}\]|[\U0001F300-\U0001FAFF☀-➿️]|:[a-z0-9_+-]+:"
    r"|ㅎ|ㅋ|ㅠ|ㅜ|\^)*$"
)
_MARK = re.compile(rf"[?？❓⁇]{_TAIL}")
_INNER_MARK = re.compile(r"[?？❓](?:\s|$|[\"'”’)\]])")
_KOREAN = re.compile(
    r"(?:까요|까|나요|가요|은가|는가|인가|던가|을까|는지|은지|인지|한지|을지|냐|니까|은지요|는지요|인지요|죠|지요"
    r"|궁금합니다|궁금해요|궁금하네요|궁금"
    r"|란|이란|(?:어떤|무슨|어떻게).{0,30}(?:지|요|나|가)"
    r"|(?:설명|말씀|말|서술|비교|구분|정의|소개|답|답변|표현|계산|증명|작성|추천|조언|공유|알려|가르쳐|얘기|이야기"
    r"|구현|나열|기술|논하|정리)\S{0,3}\s?"
    r"(?:주세요|주십시오|주실래요|줘|달라|부탁드립니다|부탁드려요|하시오|하세요|하라|하라\.|해라|해보세요|보세요"
    r"|보시오|봅시다|해보라|보라)"
    r"|해보세요|해 ?봅시다|부탁드립니다|알고 싶습니다|알고 싶어요|듣고 싶습니다|듣고 싶어요)" + _TAIL
)
_KOREAN_NOUN = re.compile(
    r"(?:방법|방법론|차이|차이점|이유|원인|장단점|장점|단점|특징|개념|의미|정의|원리|과정|종류|역할|목적|예시|비교|뜻"
    r"|팁|은|는|대해|대하여|대해서)" + _TAIL
)
_ENGLISH = re.compile(
    r"^(?:so|and|but|also|hi|hello|sorry|ok|well|then)?[,!]?\s*(?:what|what's|whats|why|how|which|who|whose|whom"
    r"|(?:when|where)(?=\s+(?:is|are|do|does|did|can|could|will|should|was|were|to)\b))\b(?![^\n]*:\s*$)",
    re.IGNORECASE,
)
_ENGLISH_VERB = re.compile(
    r"^(?:so|and|but|also)?[,!]?\s*(?:"
    r"(?:is|are|was|were|does|did|can|could|should|shall|would|will|may|must|has|had|am"
    r"|isn't|aren't|doesn't|didn't|can't|couldn't|shouldn't|won't)\s+"
    r"(?:it|there|this|that|these|those|the|a|an|i|we|you|he|she|they|my|our|your|any|some|someone|all|people)"
    r"|(?:do|don't|have|haven't) (?:i|we|you|they|people)"
    r"|explain|describe|compare|define|discuss|tell me|give (?:me |us )?(?:an?|some)"
    r"|(?:the )?differences? between|i wonder|i don't understand|could someone|please explain)\b",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"\b(?:error|errors|fails?|failed|failing|failure|not work(?:ing)?|does ?n[o']t work|doesn't|cannot"
    r"|can ?not|can't|could ?n[o']t"
    r"|couldn't|unable|no effect|had no effect|having (?:trouble|problems|issues)|difficult|confus(?:ed|ing)"
    r"|not sure|don't understand"
    r"|don't get|would be (?:nice|great|good|helpful)|crash(?:es|ed)?|exception|missing|stuck|warning|problems?)\b"
    r"|안 ?(?:됩니다|돼요|되네요|되는데|나옵니다|나와요|보여요)|에러|오류|실패|문제가|모르겠|헷갈|어렵",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?:怎么办|怎么|如何|为什么|是否|什么|吗|呢|哪[里个些]|多少|能不能|可以.{0,10}吗|区别|原因|方法)"
)
_JAPANESE = re.compile(rf"(?:ですか|ますか|でしょうか|のか|とは|ください|方法|違い){_TAIL}")
_PRAISE = re.compile(
    r"^\W*(?:awesome|great|nice|cool|wow|woah|whoa|thanks|thank you|thx|love|loved|congrat|amazing|good|very"
    r"|really|super|excellent|"
    r"perfect|well done|kudos|\+1|yes|yeah|no|ok|okay|agreed?|it (?:was|is)|this (?:was|is)|that (?:was|is)"
    r"|i (?:like|love|liked|loved|agree))\b"
    r"|^\W*(?:감사|고맙|최고|멋|좋았|좋아요|유익|재밌|재미있|수고)",
    re.IGNORECASE,
)

_CONTEXT = re.compile(
    r"Q\s?(?:&|&amp;|and|n|/|\+)\s?A|QnA|F\.?A\.?Q|질의|응답|문답|질문|답변|멘토링|면접|인터뷰|궁금|물어|interview"
    r"|questions?\b|\bAMA\b"
    r"|ask me|troubleshoot|트러블슈팅|퀴즈|quiz|모의고사|기출|문제|office hours?|よくある|質問|常见问题|问答|问题|面试",
    re.IGNORECASE,
)
_DROPPED_SECTION = re.compile(
    r"(?:(?:table of )?contents?|toc|목 ?차|차례|index|icebreaker|ice breaker|아이스브레이킹|아이스 브레이킹|체크인"
    r"|check.?in"
    r"|(?:daily |오늘의? ?|today'?s? )?feedback|피드백|회고|소감|후기|느낀 ?점|references?|ref|참고 ?(?:자료|문헌"
    r"|링크|사이트|문서)?|레퍼런스|출처"
    r"|참조|see also|further reading|related (?:links|resources|articles)|관련 ?(?:링크|자료|글)|더 ?읽을거리"
    r"|bibliography|투표"
    r"|설문(?:조사)?"
    r"|polls?|survey|참고 ?하면 좋은 ?(?:글|자료)|attendance|출석|참석자|attendees|participants|参考(?:资料|文献"
    r"|链接)?|目录|目次)s?",
    re.IGNORECASE,
)
_DROPPED_START = re.compile(r"(?:feedback|icebreaker|ice breaker|피드백|회고|poll\b|survey)\b", re.IGNORECASE)
_DROPPED_INSIDE = re.compile(
    r"(?:references?|ref|참고 ?(?:자료|문헌|링크|사이트|문서)?|레퍼런스|출처|참조|see also|further reading|목차"
    r"|参考(?:资料|文献|链接)?"
    r"|related (?:links|resources|articles)|관련 ?(?:링크|자료|글))s?",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"(?:description|설명|background|배경|motivation|goals?|introduction|intro|overview|about(?: .{0,30})?|summary"
    r"|conclusions?|preface|들어가(?:며|기 ?전에?)|시작하며"
    r"|서론|개요"
    r"|소개|마치며|마무리|정리|결론"
    r"|머리말|맺음말|notes?|비고|기타|기타 ?사항|etc|misc|others?|acknowledge?ments?|to ?do|schedule|일정|agenda|공지"
    r"|공지 ?사항|안내"
    r"|credits?|authors?|作者|前言|简介)",
    re.IGNORECASE,
)
_MANUAL = re.compile(
    r"requirements?|features?|기능|additional context|license|라이[선센]스|contribut(?:ing|ors?|ions?)|기여(?:하기)?"
    r"|changelog|history|installation|usage"
    r"|getting started|links?|resources?",
    re.IGNORECASE,
)
_EDGE = re.compile(r"^[\W_\d]+|[\W_]+$")


def question_score(text: str) -> float:
    """0-1: how much *text*, plain, looks like a question by itself."""
    head, tail = text[:200], text[-200:]
    is_short = len(text) < _SHORT
    signs = (
        (1.0, _MARK.search(tail)),
        (0.9, _INNER_MARK.search(text[:3000])),
        (0.8, _KOREAN.search(tail) or _JAPANESE.search(tail)),
        (0.7, _ENGLISH.match(head)),
        (0.6, _ENGLISH_VERB.match(head) or (is_short and _CHINESE.search(text))),
        (LIKELY, is_short and _KOREAN_NOUN.search(tail)),
    )
    return next((score for score, found in signs if found), 0.0)


def is_question(text: str) -> bool:
    """Whether *text*, plain, counts as a question among its siblings."""
    return question_score(text) >= LIKELY


def is_trouble(text: str) -> bool:
    """Whether *text* reports a problem or a wish, which asks for an answer without a question mark."""
    return bool(_TROUBLE.search(text[:1000]))


def is_remark(text: str) -> bool:
    """Whether *text* praises, thanks or agrees: the start of a thread that nobody asked."""
    return bool(_PRAISE.match(text[:100]))


def is_question_context(heading: str) -> bool:
    """Whether a title or heading announces questions: FAQ, Q&A, 면접 질문, 멘토링."""
    return bool(_CONTEXT.search(heading[:300]))


def is_dropped_section(heading: str) -> bool:
    """Whether a section of this name never holds the talk's questions: 목차, References, Feedback."""
    bare = _EDGE.sub("", heading)
    return bool(_DROPPED_SECTION.fullmatch(bare) or _DROPPED_START.match(bare))


def is_dropped_inside(heading: str) -> bool:
    """Whether a heading of this name inside an answer only lists sources."""
    return bool(_DROPPED_INSIDE.fullmatch(_EDGE.sub("", heading)))


def is_frame(heading: str, *, invites: bool = False) -> bool:
    """Whether a heading of this name frames a page: 소개, Overview, 마무리.

    *invites*: the page announces questions; then "License" may be one of them.
    """
    bare = _EDGE.sub("", heading)
    return bool(_FRAME.fullmatch(bare) or (not invites and _MANUAL.fullmatch(bare)))
