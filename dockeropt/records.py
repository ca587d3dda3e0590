"""Immutable values with named fields: ``typing.NamedTuple`` to the type checker, quick to define when run.

``lint`` defines about a hundred record types before it reads its first byte. typing.NamedTuple compiles a
constructor for each, about 0.1 ms; that was a fifth of the time of linting one file. Here all share one.
"""

from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    try:
        from _collections import _tuplegetter
    except ImportError:  # another Python than CPython, as in the standard library's own namedtuple

        def _tuplegetter(at, _):
            return property(lambda record: tuple.__getitem__(record, at))

    def _new(cls, *values, **named):
        if named or len(values) != len(cls._fields):
            values = _bind(cls, values, named)
        return tuple.__new__(cls, values)

    def _bind(cls, values, named):
        """Return the values of all fields in order; raises TypeError where they are too many or too few."""
        fields, defaults = cls._fields, cls._field_defaults
        rest = fields[len(values) :]
        try:
            bound = [named[name] if name in named else defaults[name] for name in rest]
        except KeyError:
            bound = []
        if len(bound) == len(rest) == len(fields) - len(values) and named.keys() <= set(rest):
            return (*values, *bound)
        unknown = sorted(set(named).difference(fields[len(values) :]))
        if unknown or len(values) > len(fields):
            what = f"no field {unknown[0]!r} left" if unknown else f"{len(fields)} fields"
            raise TypeError(f"{cls.__name__} has {what}, {len(values)} values were given in order")
        missing = [name for name in rest if name not in named and name not in defaults]
        raise TypeError(f"{cls.__name__} lacks a value for {missing[0]!r}")

    def _replace(self, **named):
        fields, values = self._fields, list(self)
        for name, value in named.items():
            if name not in fields:
                raise TypeError(f"{type(self).__name__} has no field {name!r}")
            values[fields.index(name)] = value
        return tuple.__new__(type(self), values)

    def _asdict(self):
        return dict(zip(self._fields, self, strict=True))

    def _repr(self):
        pairs = zip(self._fields, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in pairs)})"

    def _getnewargs(self):
        return tuple(self)

    class _Definition(type):
        """Makes a tuple type out of a class body of annotated fields, methods and properties."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            shared = {
                "__slots__": (),
                "__new__": _new,
                "__repr__": _repr,
                "__getnewargs__": _getnewargs,
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
                "_replace": _replace,
                "_asdict": _asdict,
            }
            getters = {field: _tuplegetter(at, None) for at, field in enumerate(fields)}
            return type(name, (tuple,), {**shared, **body, **getters})

    class NamedTuple(metaclass=_Definition):
        """The base to name; what is defined on it is a tuple, not one of its kind."""
