"""The register of areas and the places that a question names.

register = PlaceRegister(path)            nothing is read before the first question
register.mentions("折家良是不是示范村")     [Mention("折家良", 0, 3, "village")]
register.find("折家良")                   [PlaceMatch(area, 94.0, "homophone"), …]
"""

from knowledge.places.mentions import Mention
from knowledge.places.register import Area, PlaceMatch, PlaceRegister

__all__ = ["Area", "Mention", "PlaceMatch", "PlaceRegister"]
