"""Reads Python wheels for the set-up; needs nothing but Python 3.

wheel.py extract WHEEL FOLDER PATTERN…   unpacks the members that match a pattern
wheel.py requirements WHEEL EXTRA        prints what the wheel wants for an extra, one a line
"""
import fnmatch
import re
import sys
import zipfile


def extract(wheel, folder, *patterns):
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if any(fnmatch.fnmatch(member.filename, pattern) for pattern in patterns):
                archive.extract(member, folder)


def requirements(wheel, extra):
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = archive.read(name).decode()
    for line in re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE):
        requirement, _, marker = line.partition(";")
        if re.search(rf"extra == ['\"]{re.escape(extra)}['\"]", marker):
            print(re.sub(r"[()\s]", "", requirement))


{"extract": extract, "requirements": requirements}[sys.argv[1]](*sys.argv[2:])
