"""Images: where they come from, what their layers hold, and what of it is of no use.

``subject`` finds the image that a user names; ``archive``, ``layout`` and ``registry`` give its blobs;
``blob`` weighs one and ``tar`` lists it; ``tree`` lays the layers over each other; ``contents`` judges what
lies in them.
Nothing is ever unpacked to disk, and a layer's content is never held whole.
"""
