namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>What instructions do to the registers of one lane, which hold numbers of any type in their lowest bits.</summary>
internal static class LaneOps
{
    internal interface IUnary { static abstract ulong Do(ulong a); }

    internal interface IBinary { static abstract ulong Do(ulong a, ulong b); }

    internal interface ITernary { static abstract ulong Do(ulong a, ulong b, ulong c); }

    internal static float F(ulong a) => BitConverter.UInt32BitsToSingle((uint)a);

    internal static ulong U(int v) => (uint)v;

    private static ulong U(bool b) => b ? 1ul : 0;

    internal static double D(ulong a) => BitConverter.UInt64BitsToDouble(a);

    internal static ulong U(double d) => BitConverter.DoubleToUInt64Bits(d);

    /// <summary>A device's results that are no numbers all have the same bits.</summary>
    internal static ulong U(float f) => BitConverter.SingleToUInt32Bits(float.IsNaN(f) ? NotANumber : f);

    internal static float H(ulong a) => (float)BitConverter.UInt16BitsToHalf((ushort)a);

    private static readonly float NotANumber = BitConverter.UInt32BitsToSingle(0x7FFF_FFFF);

    private static int ToEven(float f)
    {
        f = MathF.Round(f, MidpointRounding.ToEven);
        return float.IsNaN(f) ? 0 : f >= 2147483648f ? int.MaxValue : f < -2147483648f ? int.MinValue : (int)f;
    }

    private static ulong NotZero(ulong divisor) => divisor != 0 ? divisor : throw new DeviceFault("division by zero");

    internal readonly struct Copy : IUnary { public static ulong Do(ulong a) => a; }

    internal readonly struct Low32 : IUnary { public static ulong Do(ulong a) => (uint)a; }

    internal readonly struct Low16 : IUnary { public static ulong Do(ulong a) => (ushort)a; }

    internal readonly struct Sign32 : IUnary { public static ulong Do(ulong a) => (ulong)(int)a; }

    internal readonly struct Not32 : IUnary { public static ulong Do(ulong a) => (uint)~a; }

    internal readonly struct NotP : IUnary { public static ulong Do(ulong a) => a ^ 1; }

    internal readonly struct Neg32 : IUnary { public static ulong Do(ulong a) => U(-(int)a); }

    internal readonly struct Neg64 : IUnary { public static ulong Do(ulong a) => 0 - a; }

    internal readonly struct NegF : IUnary { public static ulong Do(ulong a) => (uint)a ^ 1u << 31; }

    internal readonly struct FloatOfS32 : IUnary { public static ulong Do(ulong a) => U((float)(int)a); }

    internal readonly struct FloatOfHalf : IUnary { public static ulong Do(ulong a) => U(H(a)); }

    internal readonly struct HalfOfFloat : IUnary
    {
        public static ulong Do(ulong a) => float.IsNaN(F(a)) ? 0x7FFFul : BitConverter.HalfToUInt16Bits((Half)F(a));
    }

    internal readonly struct DoubleOfFloat : IUnary { public static ulong Do(ulong a) => U((double)F(a)); }

    internal readonly struct FloatOfDouble : IUnary { public static ulong Do(ulong a) => U((float)D(a)); }

    internal readonly struct DoubleOfS32 : IUnary { public static ulong Do(ulong a) => U((double)(int)a); }

    internal readonly struct DoubleOfS64 : IUnary { public static ulong Do(ulong a) => U((double)(long)a); }

    internal readonly struct EvenF : IUnary { public static ulong Do(ulong a) => U(MathF.Round(F(a), MidpointRounding.ToEven)); }

    internal readonly struct FloorF : IUnary { public static ulong Do(ulong a) => U(MathF.Floor(F(a))); }

    internal readonly struct EvenD : IUnary { public static ulong Do(ulong a) => U(Math.Round(D(a), MidpointRounding.ToEven)); }

    internal readonly struct FloorD : IUnary { public static ulong Do(ulong a) => U(Math.Floor(D(a))); }

    internal readonly struct RootF : IUnary { public static ulong Do(ulong a) => U(MathF.Sqrt(F(a))); }

    internal readonly struct RootD : IUnary { public static ulong Do(ulong a) => U(Math.Sqrt(D(a))); }

    internal readonly struct EvenS32 : IUnary { public static ulong Do(ulong a) => U(ToEven(F(a))); }

    internal readonly struct Add32 : IBinary { public static ulong Do(ulong a, ulong b) => (uint)(a + b); }

    internal readonly struct Add64 : IBinary { public static ulong Do(ulong a, ulong b) => a + b; }

    internal readonly struct Sub32 : IBinary { public static ulong Do(ulong a, ulong b) => (uint)(a - b); }

    internal readonly struct Sub64 : IBinary { public static ulong Do(ulong a, ulong b) => a - b; }

    internal readonly struct Mul32 : IBinary { public static ulong Do(ulong a, ulong b) => (uint)(a * b); }

    internal readonly struct Mul64 : IBinary { public static ulong Do(ulong a, ulong b) => a * b; }

    internal readonly struct WideS : IBinary { public static ulong Do(ulong a, ulong b) => (ulong)((long)(int)a * (int)b); }

    internal readonly struct WideU : IBinary { public static ulong Do(ulong a, ulong b) => (ulong)(uint)a * (uint)b; }

    internal readonly struct HighU : IBinary { public static ulong Do(ulong a, ulong b) => (ulong)(uint)a * (uint)b >> 32; }

    internal readonly struct HighS : IBinary { public static ulong Do(ulong a, ulong b) => (uint)((long)(int)a * (int)b >> 32); }

    internal readonly struct DivS : IBinary { public static ulong Do(ulong a, ulong b) => U((int)a / (int)NotZero(b)); }

    internal readonly struct DivU : IBinary { public static ulong Do(ulong a, ulong b) => (uint)a / (uint)NotZero(b); }

    internal readonly struct RemS : IBinary { public static ulong Do(ulong a, ulong b) => U((int)a % (int)NotZero(b)); }

    internal readonly struct RemU : IBinary { public static ulong Do(ulong a, ulong b) => (uint)a % (uint)NotZero(b); }

    internal readonly struct And : IBinary { public static ulong Do(ulong a, ulong b) => a & b; }

    internal readonly struct Or : IBinary { public static ulong Do(ulong a, ulong b) => a | b; }

    internal readonly struct Xor : IBinary { public static ulong Do(ulong a, ulong b) => a ^ b; }

    internal readonly struct Shl32 : IBinary { public static ulong Do(ulong a, ulong b) => (uint)b > 31 ? 0 : (uint)a << (int)b; }

    internal readonly struct Shl64 : IBinary { public static ulong Do(ulong a, ulong b) => (uint)b > 63 ? 0 : a << (int)b; }

    internal readonly struct ShrU32 : IBinary { public static ulong Do(ulong a, ulong b) => (uint)b > 31 ? 0 : (uint)a >> (int)b; }

    internal readonly struct ShrS32 : IBinary { public static ulong Do(ulong a, ulong b) => U((int)a >> (int)Math.Min((uint)b, 31)); }

    internal readonly struct MinS : IBinary { public static ulong Do(ulong a, ulong b) => U(Math.Min((int)a, (int)b)); }

    internal readonly struct MaxS : IBinary { public static ulong Do(ulong a, ulong b) => U(Math.Max((int)a, (int)b)); }

    internal readonly struct MinU : IBinary { public static ulong Do(ulong a, ulong b) => Math.Min((uint)a, (uint)b); }

    internal readonly struct MaxU : IBinary { public static ulong Do(ulong a, ulong b) => Math.Max((uint)a, (uint)b); }

    internal readonly struct AddF : IBinary { public static ulong Do(ulong a, ulong b) => U(F(a) + F(b)); }

    internal readonly struct SubF : IBinary { public static ulong Do(ulong a, ulong b) => U(F(a) - F(b)); }

    internal readonly struct MulF : IBinary { public static ulong Do(ulong a, ulong b) => U(F(a) * F(b)); }

    internal readonly struct DivF : IBinary { public static ulong Do(ulong a, ulong b) => U(F(a) / F(b)); }

    internal readonly struct AddD : IBinary { public static ulong Do(ulong a, ulong b) => U(D(a) + D(b)); }

    internal readonly struct SubD : IBinary { public static ulong Do(ulong a, ulong b) => U(D(a) - D(b)); }

    internal readonly struct MulD : IBinary { public static ulong Do(ulong a, ulong b) => U(D(a) * D(b)); }

    internal readonly struct DivD : IBinary { public static ulong Do(ulong a, ulong b) => U(D(a) / D(b)); }

    internal readonly struct LtD : IBinary { public static ulong Do(ulong a, ulong b) => U(D(a) < D(b)); }

    internal readonly struct LeD : IBinary { public static ulong Do(ulong a, ulong b) => U(D(a) <= D(b)); }

    internal readonly struct GeD : IBinary { public static ulong Do(ulong a, ulong b) => U(D(a) >= D(b)); }

    /// <summary>Not less: also where one is no number.</summary>
    internal readonly struct GeuF : IBinary { public static ulong Do(ulong a, ulong b) => U(!(F(a) < F(b))); }

    internal readonly struct NanF : IBinary { public static ulong Do(ulong a, ulong b) => U(float.IsNaN(F(a)) || float.IsNaN(F(b))); }

    internal readonly struct WideU16 : IBinary { public static ulong Do(ulong a, ulong b) => (ulong)(ushort)a * (ushort)b; }

    internal readonly struct ShrU64 : IBinary { public static ulong Do(ulong a, ulong b) => (uint)b > 63 ? 0 : a >> (int)b; }

    internal readonly struct LtF : IBinary { public static ulong Do(ulong a, ulong b) => U(F(a) < F(b)); }

    internal readonly struct GtF : IBinary { public static ulong Do(ulong a, ulong b) => U(F(a) > F(b)); }

    internal readonly struct Eq : IBinary { public static ulong Do(ulong a, ulong b) => U(a == b); }

    internal readonly struct Ne : IBinary { public static ulong Do(ulong a, ulong b) => U(a != b); }

    internal readonly struct LtS32 : IBinary { public static ulong Do(ulong a, ulong b) => U((int)a < (int)b); }

    internal readonly struct LeS32 : IBinary { public static ulong Do(ulong a, ulong b) => U((int)a <= (int)b); }

    internal readonly struct GtS32 : IBinary { public static ulong Do(ulong a, ulong b) => U((int)a > (int)b); }

    internal readonly struct GeS32 : IBinary { public static ulong Do(ulong a, ulong b) => U((int)a >= (int)b); }

    internal readonly struct LtU : IBinary { public static ulong Do(ulong a, ulong b) => U(a < b); }

    internal readonly struct LeU : IBinary { public static ulong Do(ulong a, ulong b) => U(a <= b); }

    internal readonly struct GtU : IBinary { public static ulong Do(ulong a, ulong b) => U(a > b); }

    internal readonly struct GeU : IBinary { public static ulong Do(ulong a, ulong b) => U(a >= b); }

    internal readonly struct Fma : ITernary { public static ulong Do(ulong a, ulong b, ulong c) => U(MathF.FusedMultiplyAdd(F(a), F(b), F(c))); }

    internal readonly struct FmaD : ITernary { public static ulong Do(ulong a, ulong b, ulong c) => U(Math.FusedMultiplyAdd(D(a), D(b), D(c))); }

    internal readonly struct Mad32 : ITernary { public static ulong Do(ulong a, ulong b, ulong c) => (uint)(a * b + c); }

    internal readonly struct Select : ITernary { public static ulong Do(ulong a, ulong b, ulong p) => p != 0 ? a : b; }

    /// <summary>The 32 bits of b:a from bit c on, c modulo 32.</summary>
    internal readonly struct FunnelRight : ITernary
    {
        public static ulong Do(ulong a, ulong b, ulong c) => (uint)((b << 32 | (uint)a) >> (int)(c & 31));
    }

    internal readonly struct BfeU : ITernary
    {
        public static ulong Do(ulong a, ulong b, ulong c)
        {
            int at = (int)(b & 255), count = (int)(c & 255);
            return at > 31 || count == 0 ? 0 : (uint)a >> at & (count > 31 ? uint.MaxValue : (1u << count) - 1);
        }
    }

    /// <summary>Four products of u8 and s8, added to c; wraps.</summary>
    internal readonly struct DotUS : ITernary
    {
        public static ulong Do(ulong a, ulong b, ulong c)
        {
            int s = (int)c;
            for (int i = 0; i < 32; i += 8) s += (byte)(a >> i) * (sbyte)(byte)(b >> i);
            return U(s);
        }
    }
}
