"""A page with one picture, without any script."""

from __future__ import annotations

from negsim.report.page.frame import Part, page, picture
from negsim.report.theme import Figure


def picture_page(title: str, lead: str, figure: Figure) -> str:
    """One picture as an HTML file that stands alone."""
    return page(title, lead, [Part("picture", "Picture", picture(figure))], [figure], scripted=False)
