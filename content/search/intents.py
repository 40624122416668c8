"""What kind of thing somebody asks for: a definition, a place, a price, a person's data, working code …

A question and its answer seldom satisfy another kind of request than the one they were written for, however many
nouns they share with it.
"""

from __future__ import annotations

import re
from functools import cache

_SIGNS = {
    "definition": (
        r"뭐야|뭐에요|뭐예요|뭔가요|뭐임|뭔데|뭔지|무슨 뜻|뜻이|정의|"
        r"개념|원리|설명|차이|종류|몇 개|과정을|유도|수식|what is|"
        r"what are|explain|meaning|definition|difference"
    ),
    "code": (
        r"코드|소스|구현|문법|함수|명령어|단축키|사용법|쓰는 ?법|"
        r"만드는 ?법|만들어|짜줘|짜는|짜 ?주|예제|튜토리얼|code|implement|"
        r"tutorial|snippet|how to use"
    ),
    "fault": (
        r"에러|오류|설치|버전|안 ?됨|안 ?돼|안 ?되|안 ?잡|안 ?열|"
        r"충돌|해결|막혔|깨져|튕|로그인|비밀번호|업데이트|error|"
        r"install|bug|fix|crash|not working|version"
    ),
    "link": r"링크|주소|다운|사이트|홈페이지|녹화|슬라이드|자료 |템플릿|양식|파일|url|link|download|website|slides",
    "time": r"언제|기한|마감|일정|날짜|몇 ?시|시간표|며칠|몇 ?년|몇 ?월|기간|시각|when|deadline|schedule|what time",
    "price": (
        r"얼마(?!나)|가격|비용|요금|등록금|학비|연봉|월급|초봉|"
        r"시급|사용료|지원금|장학금|무료|몇 ?만|저렴|(?:더|제일|가장) 싼|"
        r"price|pricing|cost|cheap|salary|fee|tuition|scholarship"
    ),
    "person": (
        r"나이|이름|이메일|메일|전화|전번|폰번|번호|비번|연락처|결혼|몇 ?살|누구|누가|"
        r"생일|고향|취미|mbti|출신|어느 대학|email|phone|who is|"
        r"how old"
    ),
    "place": r"어디(?:서|에|야|예요|임|로|인)|위치|장소|몇 ?층|where",
    "procedure": (
        r"신청|접수|예약|가입|제출|서류|절차|발급|수료|자격|"
        r"요건|시험|점수|몇 ?점|출석|과제|면접|비자|apply|application|"
        r"register|submit|sign up"
    ),
    "product": r"추천(?:해|좀| 좀|$|하는|할)|책|교재|제품|사양|견적|순위|목록|후기|best |recommend",
    "worth": (
        r"필요|해야|괜찮|어때|어떻게 생각|좋을까|좋나|나음|나은|낫|가치|"
        r"유리|도움|갈까|할까|될까|되나|의미|의견|전망|추천하|장단점|"
        r"별로|써야|굳이|수요|유망|should|worth|vs|pros|useful|better"
    ),
    "how": r"어떻게|어케|어떡|어떤 식|방법|하는 ?법|팁|비결|노하우|요령|how",
    "why": r"왜|이유|원인|why",
}
_KINDS = tuple((kind, re.compile(signs)) for kind, signs in _SIGNS.items())
ASKING = frozenset({"worth", "how", "why"})  # what every kind of question may say

_MOODS = (  # whether it asks or tells; whether it sets one thing against another
    re.compile(
        r"\?$|니$|까$|나요|냐$|죠$|알려|말해|궁금|"
        r"tell me|explain|^(?:who|what|when|where|why|how|can|should|is|are|do) "
    ),
    re.compile(r"말고|아니라|아닌|대신|보다|보단|제외|instead of|rather than|except"),
)
MOODS = 1 << len(_MOODS)  # how many there are


def intents(plain: str) -> frozenset[str]:
    """The kinds of thing that *plain* text asks for, by its words; often none, sometimes several."""
    return _same(frozenset(kind for kind, signs in _KINDS if signs.search(plain)))


@cache
def _same(kinds: frozenset[str]) -> frozenset[str]:
    """One object for each set, however many phrasings have it."""
    return kinds


def mood(plain: str) -> int:
    """Which of the MOODS *plain* text is in; two differ in as many ways as their bits."""
    return sum(bool(sign.search(plain)) << place for place, sign in enumerate(_MOODS))
