using System.Runtime.InteropServices;
using System.Text;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Engines;
using ResNetEdge.Kernels;
using ResNetEdge.Kernels.Conv;
using ResNetEdge.Model;
using ResNetEdge.Tests.Unit.Runtime.Kernels;

namespace ResNetEdge.Tests.Arm64;

/// <summary>
/// Runs the kernels' unit tests and whole networks where there is no test runner: on an emulated Arm64 processor, called from the stand-in
/// runtime (runtime.c). The same assembly runs on the ordinary runtime, and its "reference" lines must be the same there.
/// </summary>
internal static unsafe class Program
{
    private const int ReferenceCases = 120;
    private static delegate* unmanaged<byte*, int, void> s_write;
    private static int s_checks;

    /// <summary>On the ordinary runtime: only what must be the same there. The test runner does the rest.</summary>
    public static int Main()
    {
        s_write = &WriteToConsole;
        References();
        return 0;
    }

    /// <summary>From C. Returns 0; a failure does not return.</summary>
    /// <param name="write">Takes UTF-8 text and its length.</param>
    /// <param name="mistake">Not 0: instead of the checks one comparison that must fail.</param>
    [UnmanagedCallersOnly(EntryPoint = "bench_main")]
    public static int RunFromC(delegate* unmanaged<byte*, int, void> write, int mistake)
    {
        s_write = write;
        return mistake == 0 ? Run() : RunMistake();
    }

    /// <summary>A kernel that is wrong in one byte: the comparison must end the process.</summary>
    private static int RunMistake()
    {
        using var test = new ConvInt8Case(0);
        KernelCases.AssertEqual(test.Arena, new ConvInt8Reference(test.Problem), new FlawedConvInt8(test.Problem), 1, "a deliberate mistake");
        return 0;
    }

    private static int Run()
    {
        Write($"tiers {string.Join(' ', KernelTiers.AvailableNames)}");
        References();
        var pool = new PoolTests();
        Each(KernelTable.MaxPool, pool.Max_pooling_equals_the_reference_bit_for_bit);
        Each(KernelTable.AveragePool, pool.Average_pooling_equals_the_reference_bit_for_bit);
        var elementwise = new ElementwiseTests();
        Each(KernelTable.AddInt8, elementwise.Quantised_adds_equal_the_reference_in_place_too);
        Each(KernelTable.AddInt8, elementwise.The_second_operand_is_added_with_one_rounding);
        Each(KernelTable.AddFp32, elementwise.Float_adds_equal_the_reference_in_place_too);
        Each(KernelTable.QuantizeLinear, elementwise.Quantising_equals_the_reference_for_any_float);
        Each(KernelTable.DequantizeLinear, elementwise.Dequantising_equals_the_reference);
        Check(nameof(elementwise.A_quantised_add_rounds_the_exact_sum), elementwise.A_quantised_add_rounds_the_exact_sum);
        var layout = new LayoutTests();
        Each(KernelTable.NchwToNhwc, layout.Inputs_change_layout_as_the_reference_says);
        Each(KernelTable.NhwcToNchw, layout.Outputs_change_layout_as_the_reference_says);
        Each(KernelTable.SubsamplePad, layout.Shortcuts_are_subsampled_as_the_reference_says);
        Check(nameof(layout.Channels_first_to_last_and_back_is_the_identity), layout.Channels_first_to_last_and_back_is_the_identity);
        var conv = new ConvInt8Tests();
        Each(KernelTable.ConvInt8, conv.Every_kernel_equals_the_reference_bit_for_bit);
        Each(KernelTable.ConvInt8, conv.A_residual_is_added_with_one_rounding);
        Check(nameof(conv.The_reference_equals_a_convolution_written_otherwise), conv.The_reference_equals_a_convolution_written_otherwise);
        Each(KernelTable.ConvFp32, ConvFp32Tests.Names, new ConvFp32Tests().Every_kernel_stays_within_the_error_bound_of_exact_arithmetic);
        Write($"{s_checks} checks passed");
        return 0;
    }

    /// <summary>A test for every kernel of a table that this processor can run.</summary>
    private static void Each<TProblem>(IReadOnlyList<KernelEntry<TProblem>> table, Action<string> test) => Each(table, KernelCases.Names(table), test);

    /// <summary>The same for some of them: a test's own theory data.</summary>
    private static void Each<TProblem>(IReadOnlyList<KernelEntry<TProblem>> table, IEnumerable<object[]> names, Action<string> test)
    {
        foreach (object[] data in names)
        {
            string name = (string)data[0];
            if (table.Single(entry => entry.Name == name).Tier.IsAvailable)
                Check(name, () => test(name));
        }
    }

    private static void Check(string name, Action test)
    {
        test();
        s_checks++;
        Write($"passed {name}");
    }

    /// <summary>Results that are the same bits on every processor: the int8 reference over random cases, and a whole network in every tier.</summary>
    private static void References()
    {
        uint sum = 0;
        for (int seed = 0; seed < ReferenceCases; seed++)
        {
            using var test = new ConvInt8Case(seed);
            using var kernel = KernelTable.Prepare(test.Problem, KernelTiers.Scalar);
            kernel.Run(test.Arena.Base, 0, 1);
            sum = Checksum(sum, test.Arena.Bytes);
        }

        Write($"reference ConvInt8 {sum:x8}");
        Network("cifar_resnet20");
    }

    /// <summary>A whole int8 network, planned and run in every tier of this processor: the logits' bits agree.</summary>
    private static void Network(string name)
    {
        var graph = SeededNetworks.Int8(name);
        uint? expected = null;
        foreach (string tier in KernelTiers.AvailableNames.Reverse())
        {
            uint sum = Logits(graph, tier);
            expected ??= sum;
            Assert.True(sum == expected, $"{name}: the logits of tier {tier} differ from the references'");
            s_checks++;
            Write($"passed {name} {tier}");
        }

        Write($"reference {name} {expected:x8}");
    }

    private static uint Logits(Graph graph, string tier)
    {
        using var engine = new FusedEngine(graph, new EngineOptions { Isa = tier });
        var random = new Random(1);
        float[] input = new float[engine.Inputs[0].Shape.ElementCount], logits = new float[engine.Outputs[0].Shape.ElementCount];
        foreach (ref float value in input.AsSpan())
            value = random.NextSingle() * 2 - 1;
        engine.SetInput<float>(0, input);
        engine.Run();
        engine.GetOutput<float>(0, logits);
        return Checksum(0, MemoryMarshal.AsBytes<float>(logits));
    }

    private static uint Checksum(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            sum = sum * 31 + value;
        return sum;
    }

    private static void Write(string line)
    {
        byte[] text = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* start = text)
            s_write(start, text.Length);
    }

    [UnmanagedCallersOnly]
    private static void WriteToConsole(byte* text, int length) => Console.Out.Write(Encoding.UTF8.GetString(text, length));
}
