namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>
/// The transforms of Winograd's method in one dimension, in half precision. For tiles of four outputs the points are 0, ±√½, ±√2, ∞ instead of 0,
/// ±1, ±2, ∞: a transformed input is at most 20 and not 100 times as large as its inputs, and half as much error is left.
/// </summary>
internal static class HalfWinogradLines
{
    private static readonly double Root2 = Math.Sqrt(2), RootHalf = Math.Sqrt(0.5);

    /// <summary>What both directions multiply by; the roots are as exact as halves are.</summary>
    public static HalfConstants Constants(V register) =>
        new(register, 2.5, 2, 0.5, RootHalf, Root2, RootHalf / 2, 2 * Root2);

    /// <summary>
    /// Bᵀ: rows (1, 0, -5/2, 0, 1, 0), (0, ∓√2, -2, ±√½, 1, 0), (0, ∓√½, -1/2, ±√2, 1, 0), (0, 1, 0, -5/2, 0, 1); for two outputs (1, 0, -1, 0),
    /// (0, 1, 1, 0), (0, -1, 1, 0), (0, 1, 0, -1).
    /// </summary>
    /// <param name="a">Receives the code.</param>
    /// <param name="outputs">2 or 4.</param>
    /// <param name="c">The constants.</param>
    /// <returns>Where the results are; inputs were in registers 0 .. outputs + 1, and registers 16 to 19 are used.</returns>
    public static V[] Input(Arm64Assembler a, int outputs, HalfConstants c)
    {
        V d0 = new(0), d1 = new(1), d2 = new(2), d3 = new(3), d4 = new(4), d5 = new(5);
        V near = new(16), nearOdd = new(17), plus = new(18), farPlus = new(19);
        if (outputs == 2)
        {
            a.Fsub(d0.H8, d0.H8, d2.H8);
            a.Fsub(d3.H8, d1.H8, d3.H8);
            a.Fadd(near.H8, d1.H8, d2.H8);
            a.Fsub(d2.H8, d2.H8, d1.H8);
            return [d0, near, d2, d3];
        }

        a.Fadd(d0.H8, d0.H8, d4.H8);
        a.Fadd(d5.H8, d5.H8, d1.H8);
        a.Mov(near, d4);
        a.Mov(nearOdd, d3);
        a.Fmls(d0.H8, d2.H8, c[2.5]);
        a.Fmls(d5.H8, d3.H8, c[2.5]);
        a.Fmls(near.H8, d2.H8, c[2]);
        a.Fmls(nearOdd.H8, d1.H8, c[2]);
        a.Fmls(d4.H8, d2.H8, c[0.5]);
        a.Fmls(d3.H8, d1.H8, c[0.5]);
        a.Mov(plus, near);
        a.Mov(farPlus, d4);
        a.Fmla(plus.H8, nearOdd.H8, c[RootHalf]);
        a.Fmls(near.H8, nearOdd.H8, c[RootHalf]);
        a.Fmla(farPlus.H8, d3.H8, c[Root2]);
        a.Fmls(d4.H8, d3.H8, c[Root2]);
        return [d0, plus, near, farPlus, d4, d5];
    }

    /// <summary>
    /// Aᵀ: rows (1, 1, 1, 1, 1, 0), (0, √½, -√½, √2, -√2, 0), (0, 1/2, 1/2, 2, 2, 0), (0, √½/2, -√½/2, 2√2, -2√2, 1); for two outputs (1, 1, 1, 0),
    /// (0, 1, -1, -1).
    /// </summary>
    /// <inheritdoc cref="Input"/>
    public static V[] Output(Arm64Assembler a, int outputs, HalfConstants c)
    {
        V m0 = new(0), m1 = new(1), m2 = new(2), m3 = new(3), m4 = new(4), m5 = new(5);
        V sum = new(16), difference = new(17), farSum = new(18), farDifference = new(19), y1 = new(20), y2 = new(21);
        a.Fadd(sum.H8, m1.H8, m2.H8);
        a.Fsub(difference.H8, m1.H8, m2.H8);
        a.Fadd(m0.H8, m0.H8, sum.H8);
        if (outputs == 2)
        {
            a.Fsub(difference.H8, difference.H8, m3.H8);
            return [m0, difference];
        }

        a.Fadd(farSum.H8, m3.H8, m4.H8);
        a.Fsub(farDifference.H8, m3.H8, m4.H8);
        a.Fmul(y1.H8, difference.H8, c[RootHalf]);
        a.Fmul(y2.H8, sum.H8, c[0.5]);
        a.Fmla(m5.H8, difference.H8, c[RootHalf / 2]);
        a.Fadd(m0.H8, m0.H8, farSum.H8);
        a.Fmla(y1.H8, farDifference.H8, c[Root2]);
        a.Fmla(y2.H8, farSum.H8, c[2]);
        a.Fmla(m5.H8, farDifference.H8, c[2 * Root2]);
        return [m0, y1, y2, m5];
    }
}
