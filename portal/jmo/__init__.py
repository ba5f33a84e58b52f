"""Saku Latih: the app under /jmo/, for phones first. It shows the pages of the programme in a frame of its own."""
