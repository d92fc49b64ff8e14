namespace ResNetEdge.Tests.Unit.Device;

public class Crc32Tests
{
    [Fact]
    public void Check_value_of_the_standard() => Assert.Equal(0xCBF4_3926u, Crc32.Of("123456789"u8));
}
