"""PDFs made on the spot: a few pages of text, and what a stranger could send instead."""

from __future__ import annotations


def pdf(*pages: str, width: int = 612, height: int = 792) -> bytes:
    """Return a PDF with a line of text on each page (letters of ASCII)."""
    first = 4
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, text in enumerate(pages):
        drawn = f"BT /F1 24 Tf 72 {height - 92} Td ({text}) Tj ET"
        box = f"/MediaBox [0 0 {width} {height}] /Resources << /Font << /F1 3 0 R >> >>"
        objects += [
            f"<< /Type /Page /Parent 2 0 R {box} /Contents {first + 2 * at + 1} 0 R >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    return _written(objects)


def _written(objects: list[str]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    table = "".join(f"{at:010d} 00000 n \n" for at in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    tail += f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + tail.encode("latin-1")


def maze(boxes: int) -> bytes:
    """Return a PDF whose one page is drawn by so many shapes over one another."""
    shapes = "0 0 m 600 700 500 30 20 600 c 300 10 9 9 400 500 c f* " * boxes
    whole = pdf("x")
    return whole.replace(b"ET\nendstream", b"ET " + shapes.encode() + b"\nendstream")
