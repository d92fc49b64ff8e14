using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Add;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class ElementwiseTests
{
    public static IEnumerable<object[]> AddInt8Names => KernelCases.Names<AddInt8Problem>();

    public static IEnumerable<object[]> AddFp32Names => KernelCases.Names<AddFp32Problem>();

    public static IEnumerable<object[]> AddFp16Names => KernelCases.Names<AddFp16Problem>();

    public static IEnumerable<object[]> ConvertFp16Names => KernelCases.Names<ConvertFp16Problem>();

    public static IEnumerable<object[]> QuantizeNames => KernelCases.Names<QuantizeLinearProblem>();

    public static IEnumerable<object[]> DequantizeNames => KernelCases.Names<DequantizeLinearProblem>();

    [SkippableTheory]
    [MemberData(nameof(AddInt8Names))]
    public void Quantised_adds_equal_the_reference_in_place_too(string name) => KernelCases.AssertAllEqual<AddInt8Problem>(name, AddInt8);

    [SkippableTheory]
    [MemberData(nameof(AddFp32Names))]
    public void Float_adds_equal_the_reference_in_place_too(string name) => KernelCases.AssertAllEqual<AddFp32Problem>(name, AddFp32);

    [SkippableTheory]
    [MemberData(nameof(AddFp16Names))]
    public void Half_adds_equal_the_reference_in_place_too(string name) =>
        KernelCases.AssertAllEqual<AddFp16Problem>(name, AddFp16, halves: _ => true);

    [SkippableTheory]
    [MemberData(nameof(ConvertFp16Names))]
    public void Conversions_between_float_and_half_equal_the_reference(string name) =>
        KernelCases.AssertAllEqual<ConvertFp16Problem>(name, ConvertFp16, halves: _ => true); // not-a-numbers: HalfNumbersTests

    [SkippableTheory]
    [MemberData(nameof(QuantizeNames))]
    public void Quantising_equals_the_reference_for_any_float(string name) => KernelCases.AssertAllEqual<QuantizeLinearProblem>(name, Quantize);

    [SkippableTheory]
    [MemberData(nameof(DequantizeNames))]
    public void Dequantising_equals_the_reference(string name) => KernelCases.AssertAllEqual<DequantizeLinearProblem>(name, Dequantize);

    /// <summary>
    /// -1·(1.5 + 2⁻²¹) + 3·(1 + 2⁻²³) lies just below 1.5 and rounds to 1; with the product rounded first it would be 1.5 and go to 2.
    /// Random numbers hardly ever tell the two apart.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(AddInt8Names))]
    public void The_second_operand_is_added_with_one_rounding(string name)
    {
        var entry = KernelCases.Find<AddInt8Problem>(name);
        using var arena = new TestArena(new Random(1));
        var shape = new NhwcShape(1, 1, 1, 37);
        var place = new Placement(arena.Reserve(37, 1), 37, 37, 37);
        var right = place with { Offset = arena.Reserve(37, 1) };
        arena.Create(floats: false);
        arena.Bytes.Slice((int)place.Offset, 37).Fill(9);
        arena.Bytes.Slice((int)right.Offset, 37).Fill(23);
        using var kernel = entry.Create(new AddInt8Problem
        {
            Shape = shape,
            Left = place,
            Right = right,
            Output = place,
            LeftZeroPoint = 10,
            RightZeroPoint = 20,
            LeftMultiplier = 1.5f + MathF.ScaleB(1, -21),
            RightMultiplier = MathF.BitIncrement(1),
            OutputZeroPoint = 100,
        });
        kernel.Run(arena.Base, 0, 1);
        Assert.All(arena.Bytes.Slice((int)place.Offset, 37).ToArray(), q => Assert.Equal(101, q));
    }

    [Theory]
    [InlineData(0.5f, 1f, 10, 10)] // A tie goes to the even neighbour.
    [InlineData(1.5f, 1f, 10, 12)]
    [InlineData(-2.5f, 1f, 10, 8)]
    [InlineData(float.NaN, 1f, 10, 0)]
    [InlineData(float.PositiveInfinity, 1f, 10, 255)]
    [InlineData(float.NegativeInfinity, 1f, 10, 0)]
    [InlineData(1e30f, 1e-30f, 10, 255)]
    [InlineData(-1e30f, 1e-30f, 255, 0)]
    public void Quantising_saturates_and_rounds_to_even(float x, float scale, int zeroPoint, byte expected) =>
        Assert.Equal(expected, Requantize.Quantize(x, scale, zeroPoint));

    [Fact]
    public void A_quantised_add_rounds_the_exact_sum()
    {
        for (int a = 0; a < 256; a++)
        {
            byte left = (byte)a, right = (byte)(a * 7), q;
            var problem = new AddInt8Problem
            {
                Shape = new NhwcShape(1, 1, 1, 1),
                Left = default,
                Right = default,
                Output = default,
                LeftZeroPoint = 3,
                RightZeroPoint = 250,
                LeftMultiplier = 0.25f,
                RightMultiplier = 0.5f,
                OutputZeroPoint = 128,
            };
            AddInt8Reference.Elements(&left, &right, &q, 0, 1, problem);
            decimal exact = (left - 3) * 0.25m + (right - 250) * 0.5m;
            Assert.Equal(Math.Clamp(Math.Round(exact, MidpointRounding.ToEven) + 128, 0, 255), q);
        }
    }

    internal static AddInt8Problem AddInt8(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        Placement left = RandomConv.Dense(random, arena, shape, 1), right = RandomConv.Dense(random, arena, shape, 1);
        var problem = new AddInt8Problem
        {
            Shape = shape,
            Left = left,
            Right = right,
            Output = random.Next(3) switch { 0 => left, 1 => right, _ => RandomConv.Dense(random, arena, shape, 1) },
            LeftZeroPoint = (byte)random.Next(256),
            RightZeroPoint = (byte)random.Next(256),
            OutputZeroPoint = (byte)random.Next(256),
            LeftMultiplier = random.Next(2) == 0 ? 0.5f : random.NextSingle() * 2 + 0.01f,
            RightMultiplier = random.Next(2) == 0 ? 0.25f : random.NextSingle() * 2 + 0.01f,
            Low = (byte)random.Next(100),
            High = (byte)random.Next(100, 256),
        };
        problem.Check();
        return problem;
    }

    internal static AddFp32Problem AddFp32(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        Placement left = RandomConv.Dense(random, arena, shape, 4), right = RandomConv.Dense(random, arena, shape, 4);
        var problem = new AddFp32Problem
        {
            Shape = shape,
            Left = left,
            Right = right,
            Output = random.Next(3) switch { 0 => left, 1 => right, _ => RandomConv.Dense(random, arena, shape, 4) },
            Low = random.Next(2) == 0 ? 0 : float.NegativeInfinity,
            High = random.Next(2) == 0 ? 6 : float.PositiveInfinity,
        };
        problem.Check();
        return problem;
    }

    internal static AddFp16Problem AddFp16(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        Placement left = RandomConv.Dense(random, arena, shape, 2), right = RandomConv.Dense(random, arena, shape, 2);
        var problem = new AddFp16Problem
        {
            Shape = shape,
            Left = left,
            Right = right,
            Output = random.Next(3) switch { 0 => left, 1 => right, _ => RandomConv.Dense(random, arena, shape, 2) },
            Low = random.Next(2) == 0 ? 0 : float.NegativeInfinity,
            High = random.Next(2) == 0 ? 6 : float.PositiveInfinity,
        };
        problem.Check();
        return problem;
    }

    internal static ConvertFp16Problem ConvertFp16(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        bool toHalf = random.Next(2) == 0;
        var problem = new ConvertFp16Problem
        {
            Shape = shape,
            Input = RandomConv.Dense(random, arena, shape, toHalf ? 4 : 2),
            Output = RandomConv.Dense(random, arena, shape, toHalf ? 2 : 4),
            ToHalf = toHalf,
        };
        problem.Check();
        return problem;
    }

    internal static QuantizeLinearProblem Quantize(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        var problem = new QuantizeLinearProblem
        {
            Shape = shape,
            Input = RandomConv.Dense(random, arena, shape, 4),
            Output = RandomConv.Dense(random, arena, shape, 1),
            Scale = MathF.Pow(10, random.Next(-30, 30)),
            ZeroPoint = (byte)random.Next(256),
        };
        problem.Check();
        return problem;
    }

    internal static DequantizeLinearProblem Dequantize(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        var problem = new DequantizeLinearProblem
        {
            Shape = shape,
            Input = RandomConv.Dense(random, arena, shape, 1),
            Output = RandomConv.Dense(random, arena, shape, 4),
            Scale = random.NextSingle() + 0.001f,
            ZeroPoint = (byte)random.Next(256),
        };
        problem.Check();
        return problem;
    }
}
