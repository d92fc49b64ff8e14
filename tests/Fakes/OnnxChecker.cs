using System.Diagnostics;

namespace ResNetEdge.Tests.Fakes;

/// <summary>ONNX's own checker in one Python process that stays for all tests: starting it takes longer than a hundred checks.</summary>
internal sealed class OnnxChecker
{
    private const string Interpreter = "/usr/bin/python3", Ready = "ready", Right = "right";

    private const string Script =
        """
        import sys
        try:
            import onnx
        except ModuleNotFoundError as e:
            print(e, flush=True)
            sys.exit()
        print("ready", flush=True)
        for line in sys.stdin:
            try:
                onnx.checker.check_model(onnx.load(line.rstrip("\n")), full_check=True)
                print("right", flush=True)
            except Exception as e:
                print(repr(e), flush=True)
        """;

    private static readonly Lazy<OnnxChecker> Here = new(() => new OnnxChecker());

    private readonly Lock _turn = new();
    private readonly Process? _process; // ends with its standard input, when the tests end

    private OnnxChecker()
    {
        WhyNot = $"{Interpreter} is missing";
        if (!File.Exists(Interpreter)) return;
        _process = Process.Start(new ProcessStartInfo(Interpreter, ["-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string? said = _process.StandardOutput.ReadLine();
        WhyNot = said == Ready ? null : said ?? "Python ended";
    }

    /// <summary>Why there is none on this machine; null when there is one.</summary>
    public static string? Missing => Here.Value.WhyNot;

    private string? WhyNot { get; }

    /// <summary>What the checker finds wrong in a model file; null when nothing is.</summary>
    public static string? Check(string path) => Here.Value.Ask(path);

    private string? Ask(string path)
    {
        lock (_turn)
        {
            _process!.StandardInput.WriteLine(path);
            _process.StandardInput.Flush();
            string? answer = _process.StandardOutput.ReadLine();
            return answer == Right ? null : answer ?? "the checker ended";
        }
    }
}
