"""PubMed Central's bucket at S3 as a client meets it: a list in XML, several versions, s3:// addresses with an MD5."""

from __future__ import annotations

import hashlib
import json
import re
from xml.sax.saxutils import escape

from dl_lit.model import CopyVersion
from dl_lit.standin.citations import pmcid_of, whole_title
from dl_lit.standin.context import Context
from dl_lit.standin.limits import seeded_share
from dl_lit.standin.wire import JSON, PDF, Reply, Request
from dl_lit.standin.world import Entry

BUCKET = "pmc-oa-opendata"
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
OPEN_SHARE = 0.8  # of the articles in PubMed Central are in the open set
TEXT_ONLY_SHARE = 0.1  # of those have no PDF there
XML = "application/xml"
_FILE = re.compile(r"/(PMC\d+)\.(\d+)/\1\.\2\.pdf")
_METADATA = re.compile(r"/metadata/(PMC\d+)\.(\d+)\.json")


class Pmc:
    """The bucket under `/pmc`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        entries = (
            one for one in context.world.entries if not one.is_parasite and self._share("open", one) < OPEN_SHARE
        )
        self._open = {pmcid: entry for entry in entries if (pmcid := pmcid_of(entry))}

    def bucket(self, request: Request) -> str:
        if request.path.startswith("/metadata/"):
            return "metadata"
        return "list" if request.path == "/" else "file"

    def answer(self, request: Request) -> Reply:
        if request.path == "/":
            return self._list(request.param("prefix") or "")
        for form, reply in ((_METADATA, self._metadata), (_FILE, self._file)):
            found = form.fullmatch(request.path)
            entry = self._open.get(found[1]) if found else None
            if found and entry is not None and int(found[2]) in self.versions(entry):
                return reply(entry, int(found[2]))
        return _error("NoSuchKey", 404)

    def versions(self, entry: Entry) -> tuple[int, ...]:
        """Some articles were sent anew so often that their numbers do not sort as text."""
        return (1,) if self._share("versions", entry) < 0.7 else (1, 9, 10)

    def _share(self, what: str, entry: Entry) -> float:
        return seeded_share(self._context.world.seed, f"pmc {what}", entry.work.key)

    def _list(self, prefix: str) -> Reply:
        pmcid = prefix.removeprefix("metadata/").removesuffix(".")
        entry = self._open.get(pmcid) if prefix == f"metadata/{pmcid}." else None
        names = [f"metadata/{pmcid}.{one}.json" for one in self.versions(entry)] if entry else []
        contents = "".join(f"<Contents><Key>{name}</Key><Size>900</Size></Contents>" for name in sorted(names))
        head = f"<Name>{BUCKET}</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(names)}</KeyCount>"
        body = f"{head}<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>{contents}"
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="{NAMESPACE}">{body}</ListBucketResult>'
        )
        return Reply(200, text.encode(), XML)

    def _metadata(self, entry: Entry, version: int) -> Reply:
        pmcid, copy = pmcid_of(entry), entry.copies[0]
        place = f"s3://{BUCKET}/{pmcid}.{version}/{pmcid}.{version}"
        has_pdf = self._share("text only", entry) >= TEXT_ONLY_SHARE
        manuscript = copy.version is CopyVersion.ACCEPTED
        record: dict[str, object] = {
            "pmcid": pmcid,
            "version": version,
            "pmid": int(entry.work.pmid or 0),
            "doi": entry.doi,
            "mid": None,
            "title": whole_title(entry),
            "is_pmc_openaccess": not manuscript,
            "is_manuscript": manuscript,
            "is_historical_ocr": False,
            "is_retracted": False,
            "license_code": "TDM" if manuscript else (copy.licence or "CC BY").upper().replace("-", " ", 1),
            "xml_url": f"{place}.xml?md5=0",
            "pdf_url": f"{place}.pdf?md5={hashlib.md5(self._pdf(entry)).hexdigest()}" if has_pdf else None,
            "text_url": f"{place}.txt?md5=0",
            "media_urls": [],
        }
        return Reply(200, json.dumps(record).encode(), JSON)

    def _file(self, entry: Entry, version: int) -> Reply:
        return Reply(200, self._pdf(entry), PDF)

    def _pdf(self, entry: Entry) -> bytes:
        return self._context.copies.get(entry.work, entry.copies[0].version)


def _error(code: str, status: int) -> Reply:
    return Reply(status, f"<?xml version='1.0'?><Error><Code>{code}</Code></Error>".encode(), XML)
