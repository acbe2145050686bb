"""Chinese personal names, mobile and identity numbers; area codes and prefixes are unassigned ones."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seeds.sample.calendar_time import civil
from seeds.sample.columns import chosen, integers
from seeds.sample.randomness import Bools, Ints, weighted

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
FEMALE = [
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "秀英", "秀兰", "桂英", "玉兰",
    "雪梅", "晓燕", "欣怡", "梓涵", "诗涵", "雨桐", "佳怡", "婷婷", "海燕", "丽娟", "春梅", "美玲",
    "慧", "倩", "琳", "洁", "颖", "莹", "雅琴", "思雨", "可馨", "梦瑶", "若曦", "淑珍",
    "凤英", "红梅", "晓红", "文静", "佳琪", "雨欣", "紫萱", "婉清", "书瑶",
]  # fmt: skip
MALE = [
    "伟", "强", "磊", "军", "勇", "杰", "涛", "明", "超", "刚", "平", "辉",
    "鹏", "建国", "建华", "志强", "国庆", "晓东", "海涛", "文博", "浩然", "子轩", "宇航", "俊杰",
    "家豪", "一鸣", "天佑", "志伟", "永强", "建军", "国强", "德华", "振华", "立新", "学军", "斌",
    "波", "凯", "健", "浩", "宇", "泽宇", "明轩", "梓豪", "博文", "思远", "承志",
]  # fmt: skip
MOBILE_PREFIXES = ("140", "141", "144", "146", "154", "160", "161", "163", "164", "168", "169", "179")
AREA_CODES = tuple(f"{province}{district:04d}" for province in range(91, 97) for district in (101, 203, 304, 412, 525))


def full_names(rng: np.random.Generator, female: Bools) -> pa.Array:
    """Surname and given name; common surnames more often."""
    size = len(female)
    surnames = weighted(rng, 1 / np.sqrt(np.arange(1, len(SURNAMES) + 1)), size)
    given = np.where(female, rng.integers(0, len(FEMALE), size), len(FEMALE) + rng.integers(0, len(MALE), size))
    return pc.binary_join_element_wise(chosen(SURNAMES, surnames), chosen(FEMALE + MALE, given), "")


def mobile_numbers(rng: np.random.Generator, size: int) -> pa.Array:
    """Eleven digits."""
    prefix = chosen(MOBILE_PREFIXES, rng.integers(0, len(MOBILE_PREFIXES), size))
    return pc.binary_join_element_wise(prefix, _padded(rng.integers(0, 10**8, size), 8), "")


def identity_numbers(rng: np.random.Generator, birth_days: Ints, female: Bools) -> pa.Array:
    """Eighteen places: area, date of birth, serial (odd for men), a last digit."""
    size = len(birth_days)
    year, month, day = civil(birth_days)
    serial = rng.integers(0, 500, size) * 2 + ~female
    return pc.binary_join_element_wise(
        chosen(AREA_CODES, rng.integers(0, len(AREA_CODES), size)),
        _padded(year * 10_000 + month * 100 + day, 8),
        _padded(serial.astype(np.int64), 3),
        chosen("0123456789X", rng.integers(0, 11, size)),
        "",
    )


def _padded(numbers: Ints, width: int) -> pa.Array:
    return pc.utf8_lpad(pc.cast(integers(numbers), pa.string()), width, "0")
