"""A page with one picture, without any script."""

from __future__ import annotations

from negsim.show.page.frame import PagePart, page, picture
from negsim.show.theme import Figure


def picture_page(title: str, lead: str, figure: Figure) -> str:
    """One picture as an HTML file that stands alone."""
    return page(title, lead, [PagePart("picture", "Picture", picture(figure))], [figure], scripted=False)
