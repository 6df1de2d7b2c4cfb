"""What the file says about itself: for people, for libraries, and for checkers of PDF/UA and PDF/A."""

from datetime import UTC
from html import escape
from importlib.resources import files

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from .book import Book

PRODUCER = "Integration Portal"

# PDF/A wants each foreign name explained: here "part" of the mark of PDF/UA.
_UA_EXPLAINED = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Which part of ISO 14289 the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<pdfuaid:part>1</pdfuaid:part><pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<xmp:CreateDate>{created}</xmp:CreateDate><xmp:ModifyDate>{created}</xmp:ModifyDate>
<pdf:Producer>{producer}</pdf:Producer>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>
</rdf:Description>
{explained}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def describe(pdf: pikepdf.Pdf, book: Book) -> None:
    """The file says its title, author, date, language and colours, and that it follows PDF/UA-1 and PDF/A-2a."""
    root = pdf.Root
    root.Lang = String(book.language)
    root.MarkInfo = Dictionary(Marked=True)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.PageMode = Name.UseOutlines
    root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
    root.OutputIntents = Array([_screen_colours(pdf)])
    root.Metadata = pdf.make_stream(_packet(book).encode(), Type=Name.Metadata, Subtype=Name.XML)
    written = f"{book.created.astimezone(UTC):D:%Y%m%d%H%M%SZ}"
    said = {
        "/Title": book.title,
        "/Author": book.author,
        "/Subject": book.description,
        "/Producer": PRODUCER,
        "/CreationDate": written,
        "/ModDate": written,
    }
    for key, value in said.items():
        pdf.docinfo[key] = String(value)


def _packet(book: Book) -> str:
    return _PACKET.format(
        created=f"{book.created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        producer=PRODUCER,
        title=escape(book.title),
        author=escape(book.author),
        description=escape(book.description),
        explained=_UA_EXPLAINED,
    )


def _screen_colours(pdf: pikepdf.Pdf) -> Dictionary:
    """The renderer writes RGB without saying which; this says sRGB, with the profile that it ships."""
    profile = pdf.make_stream((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes(), N=3)
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB2014"),
        Info=String("sRGB2014"),
        DestOutputProfile=profile,
    )
