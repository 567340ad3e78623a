"""Where families come from: invented people with plausible names, languages and answers to census questions.

Shares are chosen to exercise every stratum, not to describe a real catchment.
"""

from __future__ import annotations

from dataclasses import dataclass

from outreach.synth.luck import pick

#: ISO 3166 alpha-2: countries where hepatitis B is common (HBsAg at least 2 %), in Africa and elsewhere, and where not.
AFRICA = ("NG", "GH", "CM", "SN", "CI", "ET", "LR", "SL", "ML", "GN")
ENDEMIC_ELSEWHERE = ("CN", "VN", "PH", "KR", "KH", "LA", "MM", "MN", "HT")
NOT_ENDEMIC = ("US", "CA", "GB", "DE", "FR", "IE")
#: The other ways registration desks write a country: alpha-3, and its name.
SPELLINGS = {
    "NG": ("NGA", "Nigeria"), "GH": ("GHA", "Ghana"), "CM": ("CMR", "Cameroon"), "SN": ("SEN", "Senegal"),
    "ET": ("ETH", "Ethiopia"), "LR": ("LBR", "Liberia"), "CN": ("CHN", "China"), "VN": ("VNM", "Viet Nam"),
    "PH": ("PHL", "Philippines"), "KH": ("KHM", "Cambodia"), "HT": ("HTI", "Haiti"), "US": ("USA", "United States"),
    "CA": ("CAN", "Canada"), "GB": ("GBR", "United Kingdom"), "MX": ("MEX", "Mexico"),
}  # fmt: skip
NO_COUNTRY = ("ZZ", "unknown", "born at sea")  #: what registration desks type when they cannot tell

Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """One family background. Weights run over names used by ``demographics``."""

    name: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    races: Weights
    hispanic: float  #: share answering Hispanic or Latino
    languages: Weights
    countries: Weights  #: of birth


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ENGLISH: Weights = (("en", 0.96), ("", 0.04))
_US: Weights = (("US", 0.94), ("CA", 0.03), ("GB", 0.03))

ANGLO = Origin(
    "anglo",
    _words("Martha Ellen Ruth Alice Joan Carol Nora Peggy Doris Hazel Ivy Clara"),
    _words("Walter Frank Henry George Carl Roy Edwin Harold Amos Leo Jack Otis"),
    _words("Mockford Testerman Sampleton Fielding Harrow Bexley O'Dell Thornby Wickham Ashdown Larkin Prewitt"),
    (("white", 0.84), ("white+native", 0.03), ("declined", 0.04), ("unknown", 0.03), ("text", 0.02), ("", 0.04)),
    0.03,
    _ENGLISH,
    _US,
)
BLACK = Origin(
    "black",
    _words("Denise Keisha Lorraine Tanya Yvonne Gloria Rosalind Odessa Bernice Monique"),
    _words("Marcus Darnell Reginald Cedric Tyrone Isaiah Clarence Andre Jerome Lamont"),
    _words("Samplewood Freeling Banksworth Colemont Grantley Rivermore Jefferston Haywell Dossman Tillery"),
    (("black", 0.84), ("black+white", 0.05), ("declined", 0.04), ("unknown", 0.03), ("", 0.04)),
    0.03,
    _ENGLISH,
    _US,
)
LATINO = Origin(
    "latino",
    _words("María Lucía Rosa Elena Carmen Ana Luz Inés Pilar Yolanda Beatriz"),
    _words("José Luis Carlos Jorge Miguel Ángel Ramón Héctor Rafael Andrés Tomás"),
    _words("Ejemplar Muestra Ríos-Prueba Montesol Castañar Valverde Peñalosa Quintero Solís Barrientos"),
    (("white", 0.28), ("text", 0.20), ("other", 0.14), ("native", 0.05), ("black", 0.05), ("declined", 0.13),
     ("unknown", 0.07), ("", 0.08)),
    0.90,
    (("es", 0.80), ("en", 0.17), ("", 0.03)),
    (("MX", 0.30), ("US", 0.70)),
)  # fmt: skip
CHINESE = Origin(
    "chinese",
    _words("Mei Lan Xiuying Fang Yan Jing Hui Ling Shu Wen"),
    _words("Wei Jun Ming Qiang Bo Hao Gang Lei Ping Tao"),
    _words("Zhangsan Lisi Wangwu Zhao Qian Sun Chen-Lin Gao Deng Luo"),
    (("chinese", 0.40), ("asian", 0.48), ("asian+white", 0.04), ("declined", 0.04), ("", 0.04)),
    0.01,
    (("zh", 0.70), ("en", 0.26), ("", 0.04)),
    (("CN", 0.75), ("US", 0.25)),
)
VIETNAMESE = Origin(
    "vietnamese",
    _words("Lan Hoa Mai Thảo Hương Ngọc Trang Linh Yến Phượng"),
    _words("Minh Hùng Dũng Tuấn Sơn Quang Thành Bảo Khoa Đức"),
    _words("Nguyễn Trần Phạm Huỳnh Võ Đặng Bùi Lý Đỗ"),
    (("vietnamese", 0.45), ("asian", 0.45), ("declined", 0.05), ("", 0.05)),
    0.01,
    (("vi", 0.74), ("en", 0.22), ("", 0.04)),
    (("VN", 0.80), ("US", 0.20)),
)
KOREAN = Origin(
    "korean",
    _words("Soojin Minji Hyejin Jiwon Eunhee Sunhee Youngja Mija"),
    _words("Minho Jinsu Sungho Dongwook Jaehyun Youngsoo Kyung Taewoo"),
    _words("Kim Park Choi Jung Kang Yoon Jang Lim Shin Hwang"),
    (("korean", 0.45), ("asian", 0.45), ("declined", 0.05), ("", 0.05)),
    0.01,
    (("ko", 0.72), ("en", 0.24), ("", 0.04)),
    (("KR", 0.75), ("US", 0.25)),
)
HAITIAN = Origin(
    "haitian",
    _words("Marie Nadège Fabiola Guerda Mirlande Roseline Yolette Darline"),
    _words("Jean Pierre Frantz Wilner Jacques Emmanuel Ronald Fritz"),
    _words("Exempleau Toussaint-Test Baptiste Désir Jeanty Laguerre Moïse Sainvil"),
    (("haitian", 0.30), ("black", 0.58), ("declined", 0.06), ("", 0.06)),
    0.02,
    (("ht", 0.70), ("fr", 0.12), ("en", 0.14), ("", 0.04)),
    (("HT", 0.85), ("US", 0.15)),
)
ARAB = Origin(
    "arab",
    _words("Fatima Layla Amina Nour Huda Samira Rania Zainab"),
    _words("Ahmad Omar Khalid Hassan Yusuf Karim Tariq Samir"),
    _words("Al-Mithal Haddad Khoury Mansour Najjar Saleh Tawil Zaytoun"),
    (("white", 0.35), ("text", 0.35), ("unknown", 0.12), ("declined", 0.08), ("", 0.10)),
    0.01,
    (("ar", 0.68), ("en", 0.28), ("", 0.04)),
    (("US", 0.9), ("FR", 0.1)),
)
AFRICAN = Origin(
    "african",
    _words("Adaeze Abena Fatou Aminata Ngozi Efua Mariam Aïssata Chioma"),
    _words("Kwame Emeka Moussa Ousmane Chinedu Kofi Tesfaye Ibrahima Samba"),
    _words("Mensah Okafor Diallo Traoré Ndiaye Koné Boateng Eze Bekele Kamara"),
    (("black", 0.72), ("african", 0.14), ("declined", 0.07), ("", 0.07)),
    0.01,
    (("en", 0.52), ("fr", 0.40), ("", 0.08)),
    (*((country, 0.9 / len(AFRICA)) for country in AFRICA), ("US", 0.1)),
)
FILIPINO = Origin(
    "filipino",
    _words("Maricel Rowena Liezl Analyn Corazon Imelda Jocelyn"),
    _words("Rodel Arnel Benjie Danilo Ernesto Noel Rizaldy"),
    _words("Halimbawa Santos-Cruz Magsino Dimaandal Pangilinan Manalo Batungbakal"),
    (("asian", 0.70), ("pacific", 0.12), ("asian+white", 0.06), ("declined", 0.06), ("", 0.06)),
    0.08,
    (("en", 0.92), ("", 0.08)),
    (("PH", 0.85), ("US", 0.15)),
)

SHARES: tuple[tuple[Origin, float], ...] = (
    (ANGLO, 0.41), (BLACK, 0.15), (LATINO, 0.25), (CHINESE, 0.035), (VIETNAMESE, 0.03), (KOREAN, 0.02),
    (HAITIAN, 0.025), (ARAB, 0.03), (AFRICAN, 0.02), (FILIPINO, 0.03),
)  # fmt: skip

#: Backgrounds of people with hepatitis B in our catchment.
HEPATITIS_B_SHARES: tuple[tuple[Origin, float], ...] = (
    (CHINESE, 0.22), (VIETNAMESE, 0.19), (KOREAN, 0.12), (AFRICAN, 0.14), (HAITIAN, 0.08), (FILIPINO, 0.07),
    (ANGLO, 0.06), (BLACK, 0.04), (LATINO, 0.05), (ARAB, 0.03),
)  # fmt: skip


def spelled(country: str, at: float) -> str:
    """A country as somebody typed it: mostly its alpha-2 code."""
    alpha_3, name = SPELLINGS.get(country, (country, country))
    return pick(((country, 0.75), (alpha_3, 0.12), (name, 0.13)), at)


def born_in(countries: tuple[str, ...], at: float) -> tuple[str, Origin]:
    """One of ``countries`` and a background at home there; ``at`` runs from 0 to 1."""
    homes = {"CN": CHINESE, "VN": VIETNAMESE, "KR": KOREAN, "HT": HAITIAN, "PH": FILIPINO}
    country = countries[int(at * len(countries))]
    if country in AFRICA:
        return country, AFRICAN
    if country in homes:
        return country, homes[country]
    return country, pick(HEPATITIS_B_SHARES, at)
