namespace ResNetEdge.Tests.Unit.Exporter.Checkpoints;

/// <summary>Hostile pickles: nothing is executed, everything is bounded, every refusal is exit 3 and says what was asked for.</summary>
public class UnpicklerTests
{
    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch._utils", "_rebuild_tensor_v2.__globals__")]
    public void Foreign_globals_are_refused_by_name(string module, string name)
    {
        string expected = $"'{module}.{name}'";
        Assert.Contains(expected, Refusal(p => p.Global(module, name).Op('(').Text("echo hacked").Op('t').Op('R')), StringComparison.Ordinal);
        Assert.Contains(expected, Refusal(p => p.Text(module).Text(name).Op('\x93')), StringComparison.Ordinal);
        Assert.Contains(
            expected, Refusal(p => p.Op('(').Op('i').Raw(System.Text.Encoding.ASCII.GetBytes($"{module}\n{name}\n"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_global_hidden_deep_in_a_reduce_chain_is_refused()
    {
        // OrderedDict([("x", getattr(...))]) built by a reduce within a reduce within a tensor's hooks
        string message = Refusal(static p => p.Op('}').Text("w").Global("torch._utils", "_rebuild_tensor_v2").Op('(')
            .Storage("FloatStorage", "0", 1, legacy: false).Int(0).Tuple(1).Tuple(1).Bool(false)
            .Global("collections", "OrderedDict").Op('(').Op(']').Text("x").Global("functools", "partial"));
        Assert.Contains("'functools.partial'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Escape_sequences_in_names_do_not_reach_the_terminal() =>
        Assert.Contains("'os.?[31msystem'", Refusal(static p => p.Global("os", "\e[31msystem")), StringComparison.Ordinal);

    [Fact]
    public void Only_functions_of_the_table_can_be_called()
    {
        Assert.Contains("not a function", Refusal(static p => p.Global("torch", "FloatStorage").Op(')').Op('R')), StringComparison.Ordinal);
        Assert.Contains("a global to call", Refusal(static p => p.Text("os.system").Op(')').Op('R')), StringComparison.Ordinal);
        Assert.Contains("state of an object", Refusal(static p => p.Text("x").Op('}').Op('b')), StringComparison.Ordinal);
        Assert.Contains(
            "invalid arguments", Refusal(static p => p.Global("torch._utils", "_rebuild_tensor_v2").Op(')').Op('R')), StringComparison.Ordinal);
        Assert.Contains("invalid arguments", Refusal(static p => p.Global("_codecs", "encode").Text("x").Text("rot13").Op('\x86').Op('R')),
            StringComparison.Ordinal);
    }

    [Fact]
    public void References_to_references_cost_nothing()
    {
        // 60 levels, each a list of ten times the one below: 10^60 members if ever walked
        var p = new PickleWriter().Protocol(2).Op('}').Text("lists").Op(']').Put(0);
        for (byte level = 1; level <= 60; level++)
        {
            p.Op('0').Op(']').Put(level).Op('(');
            for (int i = 0; i < 10; i++) p.Get((byte)(level - 1));
            p.Op('e');
        }

        Assert.Contains(
            "no weights under 'lists'", CheckpointFiles.Refusal(CheckpointFiles.Zip(p.Op('s').Stop().ToArray())), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_holds_itself_is_no_danger() =>
        Assert.Contains("no weights", Refusal(static p => p.Op('}').Text("x").Op(']').Put(0).Get(0).Op('a').Op('s')), StringComparison.Ordinal);

    [Theory]
    [InlineData('}', 300_000, "on its stack")]
    [InlineData(']', 300_000, "on its stack")]
    [InlineData('(', 1_000, "nested containers")]
    public void Nesting_has_a_limit(char opcode, int times, string expected) =>
        Assert.Contains(expected, Refusal(p => p.Ops(opcode, times)), StringComparison.Ordinal);

    [Fact]
    public void The_number_of_objects_has_a_limit()
    {
        var p = new PickleWriter().Protocol(2);
        for (int i = 0; i < 2_100_000; i++) p.Op('}').Op('0');
        Assert.Contains("2000000 objects", CheckpointFiles.Refusal(CheckpointFiles.Zip(p.ToArray())), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_multiplied_by_encoding_it_again_and_again_has_a_limit()
    {
        var p = new PickleWriter().Protocol(2).Text(new string('x', 1 << 20)).Put(0);
        for (int i = 0; i < 100; i++) p.Global("_codecs", "encode").Get(0).Text("latin1").Op('\x86').Op('R');
        Assert.Contains("MiB of text", CheckpointFiles.Refusal(CheckpointFiles.Zip(p.ToArray())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x8b, 0xff, 0xff, 0xff, 0xff }, "one integer")]
    [InlineData(new byte[] { (byte)'X', 0xff, 0xff, 0xff, 0xff }, "MiB of text")]
    [InlineData(new byte[] { 0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f }, "MiB of text")]
    [InlineData(new byte[] { 0x8e, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, "truncated")]
    [InlineData(new byte[] { (byte)'X', 0xff, 0xff, 0, 0 }, "truncated")]
    [InlineData(new byte[] { 0x95, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 }, "frame")]
    [InlineData(new byte[] { 0x80, 6 }, "protocol 6")]
    [InlineData(new byte[] { 0x82, 1 }, "opcode 0x82")]
    [InlineData(new byte[] { (byte)'h', 9 }, "recalls object 9")]
    [InlineData(new byte[] { (byte)'t' }, "never opened")]
    [InlineData(new byte[] { (byte)'0' }, "empty stack")]
    [InlineData(new byte[] { (byte)'(', (byte)'a' }, "empty stack")]
    [InlineData(new byte[] { (byte)'.' }, "not one object")]
    [InlineData(new byte[] { (byte)'I', (byte)'z', (byte)'\n' }, "invalid integer")]
    public void Malformed_opcodes_are_refused(byte[] opcodes, string expected) =>
        Assert.Contains(expected, Refusal(p => p.Raw(opcodes)), StringComparison.Ordinal);

    [Fact]
    public void Soup_of_opcodes_is_refused_and_never_worse()
    {
        byte[] opcodes = System.Text.Encoding.Latin1.GetBytes(
            "(.01FGIJKLMNQRSTUVXabcdeghijlopqrstu]})B\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x93\x94\x95\x96");
        byte[] soup = new byte[200];
        for (int seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            for (int i = 0; i < soup.Length; i++) soup[i] = random.Next(4) == 0 ? (byte)random.Next(8) : opcodes[random.Next(opcodes.Length)];
            var e = Record.Exception(() => CheckpointFiles.Read(CheckpointFiles.Zip([0x80, 2, .. soup])));
            Assert.True(e is EdgeException { Kind: FailureKind.BadInput }, $"seed {seed}: {e}");
        }
    }

    private static string Refusal(Action<PickleWriter> body)
    {
        var p = new PickleWriter().Protocol(2);
        body(p);
        return CheckpointFiles.Refusal(CheckpointFiles.Zip(p.Stop().ToArray(), ("0", CheckpointFiles.Floats(1), 4)));
    }
}
