using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class UnaryTests
{
    private const uint Stride = 40961; // odd, so that the lowest bits vary; some 100,000 floats
    private static readonly float[] Edges =
    [
        0, -0f, 1, -1, 3, -3, 6, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, 1 / 4096f, -1 / 4096f, -104, 88.8f,
    ];
    private static readonly float[] Sweep = [.. Edges, .. Floats()];

    public static IEnumerable<object[]> Fp32Names => KernelCases.Names<UnaryFp32Problem>();

    public static IEnumerable<object[]> Int8Names => KernelCases.Names<UnaryInt8Problem>();

    [SkippableTheory]
    [MemberData(nameof(Fp32Names))]
    public void Functions_equal_their_reference_for_any_float_and_place(string name) => KernelCases.AssertAllEqual<UnaryFp32Problem>(name, Fp32);

    [SkippableTheory]
    [MemberData(nameof(Int8Names))]
    public void Tables_equal_their_reference_for_any_byte_and_place(string name) => KernelCases.AssertAllEqual<UnaryInt8Problem>(name, Int8);

    [SkippableTheory]
    [MemberData(nameof(Fp32Names))]
    public void Every_function_gives_the_bits_of_its_definition_over_all_floats(string name)
    {
        var entry = KernelCases.Find<UnaryFp32Problem>(name);
        AssertSweep(problem => entry.CanRun(problem) ? entry.Create(problem) : null);
    }

    /// <summary>
    /// NEON's lanes are written so that any processor with a fused multiply-add runs them: a mistake shows here, not on the device.
    /// </summary>
    [SkippableFact]
    public void Lanes_of_128_bits_give_the_bits_of_the_definition()
    {
        Skip.IfNot(Fma.IsSupported || AdvSimd.IsSupported, "this processor lacks FMA and NEON");
        AssertSweep(problem => UnaryFp32.Bind<Float32x4>("UnaryFp32AdvSimd", problem));
    }

    /// <summary>Float32 results hide most mistakes in the last bits of a float64.</summary>
    [SkippableFact]
    public void Exponentials_are_within_two_to_the_minus_52_and_the_same_bits_in_all_lanes()
    {
        Skip.IfNot(Fma.IsSupported || AdvSimd.IsSupported, "this processor lacks FMA and NEON");
        for (double x = -708; x <= 709; x += 0.0371)
        {
            double actual = Exponential.Of(new Float64x1(x)).Value, expected = Math.Exp(x);
            Assert.True(Math.Abs(actual - expected) <= Math.ScaleB(expected, -52), $"e^{x:R} is {actual:R}, not {expected:R}");
            Assert.Equal(Vector128.Create(actual), Exponential.Of(new Float64x2(Vector128.Create(x))).Value);
            if (Avx2.IsSupported)
                Assert.Equal(Vector256.Create(actual), Exponential.Of(new Float64x4(Vector256.Create(x))).Value);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Int8Names))]
    public void A_table_gives_each_byte_its_own_entry(string name)
    {
        var entry = KernelCases.Find<UnaryInt8Problem>(name);
        byte[] table = [.. Enumerable.Range(0, 256).Select(i => (byte)(i * 167 + 13))]; // odd: every byte once
        byte[] data = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 200, 1];
        var place = new Placement(0, data.Length, data.Length, data.Length);
        using var kernel =
            entry.Create(new UnaryInt8Problem { Shape = new NhwcShape(1, 1, 1, data.Length), Input = place, Output = place, Table = table });
        fixed (byte* arena = data) kernel.Run(arena, 0, 1);
        Assert.Equal([.. table, table[200], table[1]], data);
    }

    [Fact]
    public void A_table_of_another_size_is_a_defect()
    {
        var place = new Placement(0, 4, 4, 4);
        var problem = new UnaryInt8Problem { Shape = new NhwcShape(1, 1, 1, 4), Input = place, Output = place, Table = new byte[255] };
        Assert.Throws<ArgumentException>(problem.Check);
    }

    [Fact]
    public void Functions_with_equal_parameters_are_equal()
    {
        foreach (var elementwise in ElementwiseFunctions.Operators)
        {
            Assert.Equal(ElementwiseFunctions.Of(elementwise, new Random(1)), ElementwiseFunctions.Of(elementwise, new Random(1)));
            if (Array.Exists(elementwise.Signatures[^1].Attributes, static a => a.Kind == typeof(float)))
                Assert.NotEqual(ElementwiseFunctions.Of(elementwise, new Random(1)), ElementwiseFunctions.Of(elementwise, new Random(2)));
        }
    }

    private static void AssertSweep(Func<UnaryFp32Problem, PreparedKernel?> create)
    {
        var shape = new NhwcShape(1, 1, Sweep.Length, 1);
        var input = new Placement(0, 4, 4 * Sweep.Length, 4L * Sweep.Length);
        var output = input with { Offset = 4L * Sweep.Length };
        float[] arena = new float[2 * Sweep.Length];
        int seen = 0;
        var functions = ElementwiseFunctions.Operators
            .SelectMany(static o => new[] { null, new Random(7) }.Select(random => ElementwiseFunctions.Of(o, random)));
        foreach (var function in functions.Concat(EmittedFunctions.All).Distinct())
        {
            Sweep.CopyTo(arena, 0);
            using var kernel = create(new UnaryFp32Problem { Shape = shape, Input = input, Output = output, Function = function });
            if (kernel is null) continue;
            seen++;
            fixed (float* first = arena) kernel.Run((byte*)first, 0, 1);
            for (int i = 0; i < Sweep.Length; i++)
            {
                uint expected = BitConverter.SingleToUInt32Bits(function.Of(Sweep[i])),
                    actual = BitConverter.SingleToUInt32Bits(arena[Sweep.Length + i]);
                if (expected != actual)
                    Assert.Fail($"{kernel.Name}, {function}, of {Sweep[i]:R}: {actual:X8} instead of {expected:X8}");
            }
        }

        Assert.True(seen >= EmittedFunctions.All.Count);
    }

    private static IEnumerable<float> Floats()
    {
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Stride)
            yield return BitConverter.UInt32BitsToSingle((uint)bits);
    }

    internal static UnaryFp32Problem Fp32(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        var input = RandomConv.Dense(random, arena, shape, 4);
        var elementwise = ElementwiseFunctions.Operators[random.Next(ElementwiseFunctions.Operators.Count)];
        var problem = new UnaryFp32Problem
        {
            Shape = shape,
            Input = input,
            Output = random.Next(2) == 0 ? input : RandomConv.Dense(random, arena, shape, 4),
            Function = ElementwiseFunctions.Of(elementwise, random),
        };
        problem.Check();
        return problem;
    }

    internal static UnaryInt8Problem Int8(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        var input = RandomConv.Dense(random, arena, shape, 1);
        byte[] table = new byte[UnaryInt8Problem.Entries];
        random.NextBytes(table);
        var problem = new UnaryInt8Problem
        {
            Shape = shape,
            Input = input,
            Output = random.Next(2) == 0 ? input : RandomConv.Dense(random, arena, shape, 1),
            Table = table,
        };
        problem.Check();
        return problem;
    }
}
