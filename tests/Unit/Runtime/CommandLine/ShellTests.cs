using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.Unit.Runtime.CommandLine;

public class ShellTests
{
    private Arguments? _seen;

    [Fact]
    public void Options_stand_anywhere_and_operands_keep_their_order()
    {
        Assert.Equal(ExitCode.Done, Run("go", "a", "--count", "3", "b", "--many=x", "--many", "y", "--flag").Code);
        Assert.Equal(["a", "b"], _seen!.Operands);
        Assert.Equal(3, _seen.Int("--count", 1, 1, 9));
        Assert.Equal(["x", "y"], _seen.Values("--many"));
        Assert.True(_seen.Has("--flag"));
    }

    [Fact]
    public void After_two_dashes_everything_is_an_operand()
    {
        Assert.Equal(ExitCode.Done, Run("go", "--", "--flag", "--help").Code);
        Assert.Equal(["--flag", "--help"], _seen!.Operands);
    }

    [Fact]
    public void Negative_values_are_values()
    {
        Run("go", "a", "--count", "-3");
        Assert.Equal(-3, _seen!.Int("--count", 1, -5, 5));
    }

    [Theory]
    [InlineData("did you mean '--count'", "go", "a", "--cuont", "3")]
    [InlineData("needs a value", "go", "a", "--count")]
    [InlineData("needs a value", "go", "a", "--count", "--flag")]
    [InlineData("takes no value", "go", "a", "--flag=1")]
    [InlineData("given twice", "go", "a", "--count", "1", "--count", "2")]
    [InlineData("'go' needs THING...", "go")]
    [InlineData("unexpected 'd'", "go", "a", "b", "c", "d")]
    [InlineData("did you mean 'go'", "goo")]
    [InlineData("see 'tool --help'", "frobnicate")]
    public void Usage_errors_are_exit_2_with_one_sentence(string part, params string[] words)
    {
        var (code, output, error) = Run(words);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.StartsWith("tool: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void No_words_print_the_overview_on_stderr()
    {
        var (code, output, error) = Run();
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains("  go ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("help", "go")]
    [InlineData("go", "--help")]
    [InlineData("go", "a", "--count", "--help")]
    [InlineData("--version")]
    public void Help_and_version_are_data(params string[] words)
    {
        var (code, output, error) = Run(words);
        Assert.Equal(ExitCode.Done, code);
        Assert.NotEmpty(output);
        Assert.Empty(error);
    }

    [Fact]
    public void An_edge_exception_gives_its_code_and_sentence()
    {
        var (code, _, error) = Run("fail", "edge");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal("tool: not good enough\n", error);
    }

    [Fact]
    public void Anything_else_is_exit_1_and_asks_for_a_report()
    {
        var (code, _, error) = Run("fail", "defect");
        Assert.Equal(ExitCode.Defect, code);
        Assert.Contains("please report", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_printed_before_a_failure_stays_printed() => Assert.Equal("half\n", Run("fail", "edge").Output);

    [Theory]
    [InlineData("0")]
    [InlineData("10")]
    [InlineData("3.5")]
    [InlineData("many")]
    public void Numbers_out_of_bounds_are_usage(string value)
    {
        Run("go", "a", "--count", value);
        Assert.Equal(FailureKind.Usage, Assert.Throws<EdgeException>(() => _seen!.Int("--count", 1, 1, 9)).Kind);
    }

    [Fact]
    public void Lists_of_numbers_are_read_and_checked()
    {
        Run("go", "a", "--many", "0.5,-1,2e1");
        Assert.Equal([0.5f, -1, 20], _seen!.Numbers("--many")!);
        Run("go", "a", "--many", "1,,2");
        Assert.Throws<EdgeException>(() => _seen!.Numbers("--many"));
        Run("go", "a", "--many", "nan");
        Assert.Throws<EdgeException>(() => _seen!.Numbers("--many"));
    }

    [Fact]
    public void Nothing_that_commands_a_terminal_leaves_the_program()
    {
        var (code, _, error) = Run("go\u001b[2J\u202e\u009b", "a\nb");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(@"'go\u001b[2J\u202e\u009b'", error, StringComparison.Ordinal);
        using var writer = new StringWriter();
        using var printable = new PrintableWriter(writer);
        printable.Write('\u0007');
        printable.Write("größer 猫\t\U000E0041\n".ToCharArray());
        printable.WriteLine("two\nlines");
        printable.WriteLine();
        printable.WriteLine($"{1}\u0085");
        printable.Flush();
        Assert.Equal("\\u0007größer 猫\t\\udb40\\udc41\ntwo\nlines\n\n1\\u0085\n", writer.ToString());
    }

    private (ExitCode Code, string Output, string Error) Run(params string[] words)
    {
        var go = new Verb
        {
            Name = "go",
            Summary = "Goes.",
            Operands = "THING...",
            MinOperands = 1,
            MaxOperands = 3,
            Options = [new("--count", "N", "How often."), new("--many", "X", "Several.", Repeats: true), new("--flag", null, "Or not.")],
            Run = (arguments, _) =>
            {
                _seen = arguments;
                return ExitCode.Done;
            },
        };
        var fail = new Verb
        {
            Name = "fail",
            Summary = "Fails.",
            Operands = "HOW",
            MinOperands = 1,
            MaxOperands = 1,
            Options = [],
            Run = (arguments, terminal) =>
            {
                terminal.Out.Write("half\n");
                throw arguments.Operands[0] == "edge" ? EdgeException.Refused("not good enough") : new InvalidCastException("oops");
            },
        };
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = new Shell("tool", "a tool", "1.0", [go, fail]).Run(words, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
