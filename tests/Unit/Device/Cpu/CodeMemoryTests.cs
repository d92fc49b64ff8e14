using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Tests.Unit.Device.Cpu;

public unsafe class CodeMemoryTests
{
    /// <summary>mov eax, 42; ret</summary>
    private static ReadOnlySpan<byte> FortyTwo => [0xB8, 42, 0, 0, 0, 0xC3];

    [SkippableFact]
    public void Mapped_code_runs()
    {
        using var code = Map();
        Assert.Equal(42, ((delegate* unmanaged<int>)code.At(0))());
    }

    [SkippableFact]
    public void The_mapping_is_readable_and_executable_but_not_writable()
    {
        using var code = Map();
        string address = code.At(0).ToString("x");
        string line = File.ReadLines("/proc/self/maps").Single(line => line.StartsWith(address + "-", StringComparison.Ordinal));
        Assert.StartsWith("r-xp", line.Split(' ')[1], StringComparison.Ordinal);
    }

    [SkippableFact]
    public void An_address_outside_the_code_is_refused()
    {
        using var code = Map();
        Assert.Throws<ArgumentOutOfRangeException>(() => code.At(FortyTwo.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.At(-1));
    }

    [SkippableFact]
    public void Disposed_code_has_no_address()
    {
        var code = Map();
        code.Dispose();
        Assert.Throws<ObjectDisposedException>(() => code.At(0));
    }

    [Fact]
    public void Empty_code_is_refused_with_a_reason()
    {
        Assert.Null(CodeMemory.TryMap([], out string? refusal));
        Assert.NotNull(refusal);
    }

    private static CodeMemory Map()
    {
        Skip.IfNot(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64,
            "the code is x64");
        var code = CodeMemory.TryMap(FortyTwo, out string? refusal);
        Skip.If(code is null, $"this system refuses executable memory: {refusal}");
        return code;
    }
}
