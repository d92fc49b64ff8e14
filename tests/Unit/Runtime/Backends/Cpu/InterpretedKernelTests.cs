using System.Runtime.InteropServices;
using Iced.Intel;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Steps;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>The emitted kernels in an interpreter of their machine code, so that each is tested on machines that lack its instructions.</summary>
public class InterpretedKernelTests
{
    private const int Cases = 100;
    private const long MaxMacs = 300_000;

    /// <summary>Kernel and the instruction that it is there for.</summary>
    public static TheoryData<string, Mnemonic> Kernels => new()
    {
        { nameof(ConvInt8Avx512Vnni), Mnemonic.Vpdpbusd },
        { nameof(ConvInt8Avx512Bw), Mnemonic.Vpmaddwd },
        { nameof(ConvInt8Amx), Mnemonic.Tdpbusd },
    };

    [Theory]
    [MemberData(nameof(Kernels))]
    public void An_interpreted_kernel_equals_the_reference_bit_for_bit(string name, Mnemonic product)
    {
        using var interpreter = new X86Interpreter();
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new ConvInt8Case(seed, MaxMacs);
            if (!test.Problem.FloatOutput)
                AssertEqual(
                    test, new ConvInt8Reference(test.Problem), Make(name, test.Problem, interpreter), 1 + seed % 3,
                    $"seed {seed}, {test.Problem.Shape}");
            Assert.False(interpreter.HasTiles);
        }

        Assert.True(interpreter.Executed[product] > 1000);
    }

    /// <summary>
    /// What random shapes seldom reach: several stretches of the products, more panels than wait together, rows read where they lie, tails of tiles.
    /// </summary>
    [Theory]
    [InlineData(64, 64, 1, 7, 7)] // Direct, whole steps, 4 tiles of 13.
    [InlineData(128, 32, 1, 4, 8)] // Direct, one block.
    [InlineData(2112, 48, 1, 3, 6)] // Direct, three stretches of one tap.
    [InlineData(1100, 40, 1, 5, 3)] // Two stretches, the last step not whole.
    [InlineData(256, 33, 3, 4, 4)] // Three stretches of taps.
    [InlineData(100, 20, 3, 3, 11)] // Taps that are not whole steps.
    [InlineData(16, 16, 3, 9, 9)] // Several taps a step.
    [InlineData(24, 545, 3, 2, 17)] // More panels than wait together.
    [InlineData(3, 64, 7, 12, 12)] // A stem: filter rows are taps.
    public void A_chosen_shape_equals_the_reference_bit_for_bit(int inputs, int outputs, int kernel, int height, int width)
    {
        using var interpreter = new X86Interpreter();
        var shape = new ConvShape
        {
            InputHeight = height,
            InputWidth = width,
            InputChannels = inputs,
            OutputChannels = outputs,
            KernelHeight = kernel,
            KernelWidth = kernel,
            PadTop = kernel / 2,
            PadLeft = kernel / 2,
            PadBottom = kernel / 2,
            PadRight = kernel / 2,
        };
        for (int seed = 0; seed < 4; seed++)
        {
            using var test = new ConvInt8Case(seed, shape: shape);
            foreach (string name in (ReadOnlySpan<string>)[nameof(ConvInt8Amx), nameof(ConvInt8Avx512Bw)])
                AssertEqual(
                    test, new ConvInt8Reference(test.Problem), Make(name, test.Problem, interpreter), 1 + seed % 2, $"{name}, seed {seed}, {shape}");
        }
    }

    /// <summary>Proves the interpreter: where the processor has the instructions, both do the same to every byte.</summary>
    [SkippableTheory]
    [MemberData(nameof(Kernels))]
    public void The_interpreter_equals_the_processor(string name, Mnemonic product)
    {
        var entry = KernelCases.Find<ConvInt8Problem>(name);
        using var interpreter = new X86Interpreter();
        // A kernel for many channels can run few of the random problems: it gets more of them to choose from.
        for (int seed = 1000;
            seed < 1000 + Cases || (interpreter.Executed.GetValueOrDefault(product) <= 1000 && seed < 1000 + 30 * Cases);
            seed++)
        {
            using var test = new ConvInt8Case(seed, MaxMacs);
            if (entry.CanRun(test.Problem))
                AssertEqual(
                    test, entry.Create(test.Problem), Make(name, test.Problem, interpreter), 1 + seed % 3, $"seed {seed}, {test.Problem.Shape}");
        }

        Assert.True(interpreter.Executed.GetValueOrDefault(product) > 1000);
    }

    /// <summary>
    /// The kernel for 16 channels reads four pixels at once, edges put together before; all widths of tiles, with and without a border in memory.
    /// </summary>
    [Fact]
    public void The_kernel_of_four_pixels_equals_the_reference_bit_for_bit()
    {
        using var interpreter = new X86Interpreter();
        int run = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            using var test = new ConvInt8Case(seed, MaxMacs);
            if (!ConvInt8QuadAvx512Vnni.CanRun(test.Problem))
                continue;
            AssertEqual(test, new ConvInt8Reference(test.Problem), new ConvInt8QuadAvx512Vnni(test.Problem, interpreter), 1 + seed % 3,
                $"seed {seed}, {test.Problem.Shape}");
            run++;
        }

        Assert.InRange(run, 10, 400);
    }

    /// <summary>The comparison has teeth: a kernel that walks the activations wrongly, or multiplies the wrong tiles, is found.</summary>
    [Theory]
    [InlineData(new byte[] { 0x48, 0x83, 0xC6, 0x40 }, 3, 0x3C)] // add rsi, 64
    [InlineData(new byte[] { 0xC4, 0xE2, 0x49, 0x5E }, 2, 0x41)] // tdpbusd tmm, tmm, tmm6: tmm7 instead.
    public void A_changed_byte_is_noticed(byte[] instruction, int position, byte other)
    {
        byte[] code = MemoryMarshal.AsBytes(ConvAvx512.Code).ToArray();
        int at = code.AsSpan(ConvAvx512.Amx32x32).IndexOf(instruction);
        Assert.InRange(at, 0, 1000);
        code[ConvAvx512.Amx32x32 + at + position] = other;
        using var interpreter = new X86Interpreter(code);
        using var test = new ConvInt8Case(
            1, shape: new ConvShape { InputHeight = 4, InputWidth = 8, InputChannels = 128, OutputChannels = 32, KernelHeight = 1, KernelWidth = 1 });
        Assert.ThrowsAny<Exception>(() => AssertEqual(test, new ConvInt8Reference(test.Problem), new ConvInt8Amx(test.Problem, interpreter), 1, ""));
    }

    [Fact]
    public unsafe void An_unknown_instruction_is_an_error()
    {
        using var interpreter = new X86Interpreter();
        // The trap that fills the gap.
        var failure = Assert.Throws<InvalidOperationException>(() => interpreter.Call(ConvAvx512.AmxRelease + 63, null));
        Assert.Contains("int 3", failure.Message, StringComparison.Ordinal);
    }

    private static PreparedKernel Make(string name, ConvInt8Problem problem, X86Interpreter interpreter) => name switch
    {
        nameof(ConvInt8Avx512Vnni) => new ConvInt8Avx512Vnni(problem, interpreter),
        nameof(ConvInt8Avx512Bw) => new ConvInt8Avx512Bw(problem, interpreter),
        _ => new ConvInt8Amx(problem, interpreter),
    };

    private static void AssertEqual(ConvInt8Case test, PreparedKernel one, PreparedKernel interpreted, int parts, string description)
    {
        using (one)
        using (interpreted)
        {
            using var expected = test.Arena.Copy();
            using var actual = test.Arena.Copy();
            KernelCases.RunParts(one, expected, 1);
            KernelCases.RunParts(interpreted, actual, parts);
            if (test.Scratch is { } s)
                expected.Bytes.Slice((int)s.Offset, (int)s.Bytes).CopyTo(actual.Bytes[(int)s.Offset..]);
            int same = expected.Bytes.CommonPrefixLength(actual.Bytes);
            Assert.True(same == expected.Bytes.Length, $"{interpreted.Name} differs at byte {same}, parts {parts}: {description}");
        }
    }
}
