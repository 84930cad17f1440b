"""Which of 64 bytes are what, a bit for each: one or two instructions where there are such, which no loop over bytes is compiled to."""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_BYTE, _WORD = ir.IntType(8), ir.IntType(64)
_BYTES, _PLACES = ir.VectorType(_BYTE, 64), ir.VectorType(ir.IntType(32), 64)


def _read(context, builder, text_type, text, at):
    """The 64 bytes from `at` on. Nothing looks at the bounds here: the kernels look at the last of them."""
    array = context.make_array(text_type)(context, builder, text)
    where = builder.bitcast(builder.gep(array.data, [at]), _BYTES.as_pointer())
    found = builder.load(where, align=1)
    found.align = 1
    return found


@intrinsic
def equal(typing, text, at, byte):
    """Which of the 64 bytes of `text` from `at` (uint64) on are `byte` (uint8)."""

    def made(context, builder, signature, given):
        found = _read(context, builder, signature.args[0], given[0], given[1])
        one = builder.insert_element(ir.Constant(_BYTES, ir.Undefined), given[2], ir.Constant(ir.IntType(32), 0))
        each = builder.shuffle_vector(one, one, ir.Constant(_PLACES, [0] * 64))
        return builder.bitcast(builder.icmp_unsigned("==", found, each), _WORD)

    return types.uint64(text, types.uint64, types.uint8), made


@intrinsic
def foreign(typing, text, at):
    """Which of the 64 bytes of `text` from `at` (uint64) on are 0x80 or more."""

    def made(context, builder, signature, given):
        found = _read(context, builder, signature.args[0], given[0], given[1])
        return builder.bitcast(builder.icmp_signed("<", found, ir.Constant(_BYTES, [0] * 64)), _WORD)

    return types.uint64(text, types.uint64), made


@intrinsic
def ones(typing, mask):
    """How many bits of a mask (uint64) are set."""

    def made(context, builder, signature, given):
        return builder.ctpop(given[0])

    return types.uint64(types.uint64), made
