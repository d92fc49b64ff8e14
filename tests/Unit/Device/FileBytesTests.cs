using ResNetEdge.Device.Native;

namespace ResNetEdge.Tests.Unit.Device;

public class FileBytesTests
{
    private const int Length = 3 << 20;

    [Fact]
    public void A_part_given_back_keeps_all_around_it()
    {
        var bytes = Filled();
        bytes.GiveBack(bytes.Memory[100_001..1_000_001]);
        Assert.Equal(-1, bytes.GetSpan()[..100_001].IndexOfAnyExcept((byte)7));
        Assert.Equal(-1, bytes.GetSpan()[1_000_001..].IndexOfAnyExcept((byte)7));
    }

    [Fact]
    public void A_part_given_back_frees_its_memory()
    {
        var bytes = Filled();
        bytes.GiveBack(bytes.Memory[..(Length / 2)]);
        Assert.True(!OperatingSystem.IsLinux() || bytes.GetSpan()[Length / 4] == 0, "the system still holds the page");
    }

    [Fact]
    public void What_belongs_to_another_is_left_alone()
    {
        FileBytes bytes = Filled(), other = Filled();
        bytes.GiveBack(other.Memory);
        bytes.GiveBack(new byte[Length]);
        bytes.GiveBack(default);
        Assert.Equal(-1, bytes.GetSpan().IndexOfAnyExcept((byte)7));
        Assert.Equal(-1, other.GetSpan().IndexOfAnyExcept((byte)7));
    }

    [Fact]
    public void Once_closed_every_slice_throws()
    {
        var bytes = Filled();
        ReadOnlyMemory<byte> slice = bytes.Memory[5..10];
        bytes.Close();
        bytes.Close();
        Assert.Throws<ObjectDisposedException>(() => slice.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => bytes.GetSpan().Length);
    }

    [Fact]
    public void Nothing_at_all_is_possible() => Assert.Equal(0, new FileBytes(0).GetSpan().Length);

    private static FileBytes Filled()
    {
        var bytes = new FileBytes(Length);
        bytes.GetSpan().Fill(7);
        return bytes;
    }
}
