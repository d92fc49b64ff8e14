using System.Security.Cryptography;
using ResNetEdge.Packages;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

public class ChecksumTests
{
    [Fact]
    public void Sha256_equals_dotnet_at_every_length_around_the_block()
    {
        byte[] bytes = new byte[400];
        new Random(1).NextBytes(bytes);
        for (int n = 0; n < bytes.Length; n++)
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, n))), Sha256.Hex(bytes.AsSpan(0, n)));
    }

    [Fact]
    public void Sha256_in_pieces_equals_sha256_at_once()
    {
        byte[] bytes = new byte[5000];
        var random = new Random(2);
        random.NextBytes(bytes);
        for (int run = 0; run < 50; run++)
        {
            var hash = new Sha256();
            for (int at = 0; at < bytes.Length;)
            {
                int count = Math.Min(random.Next(150), bytes.Length - at);
                hash.Append(bytes.AsSpan(at, count));
                at += count;
            }

            Assert.Equal(Sha256.Hex(bytes), hash.FinishHex());
        }
    }

    [Fact]
    public void Sha256_of_the_standard_example() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Sha256.Hex("abc"u8)); // FIPS 180-4 examples

    [Fact]
    public void Crc32C_of_the_standard_example_in_one_and_in_two_pieces()
    {
        Assert.Equal("e3069283", Crc32C.Hex("123456789"u8)); // RFC 3720, and every CRC catalogue's check value
        var checksum = new Crc32C();
        checksum.Append("1234"u8);
        checksum.Append("56789"u8);
        Assert.Equal("e3069283", checksum.ToHex());
    }
}
