using System.Text;

namespace ResNetEdge.Tests.Unit.Exporter.Checkpoints;

public class SafetensorsReaderTests
{
    [Fact]
    public void The_sample_is_read_with_metadata()
    {
        var weights = CheckpointFiles.Read(CheckpointFiles.Sample("safetensors"));
        Assert.Equal(["fc.weight", "fc.bias", "bn.num_batches_tracked"], weights.Names);
        Assert.Equal([0.5f, -0.5f], weights["fc.bias"]!.ToFloats());
        Assert.Equal("pt", weights.Metadata["format"]);
    }

    [Fact]
    public void Tensors_that_two_names_share_are_written_once_and_read_under_both()
    {
        var weights = CheckpointFiles.Read(CheckpointFiles.Safetensors(
            """{"__metadata__":{"format":"pt","head.weight":"fc.weight","note":"fc.weight","a.b":"c.d"}"""
            + ""","fc.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", CheckpointFiles.Floats(1, 2)));
        Assert.Equal(["fc.weight", "head.weight"], weights.Names);
        Assert.Equal(weights["fc.weight"]!.Bytes, weights["head.weight"]!.Bytes);
    }

    [Theory]
    [InlineData("F64", 8)]
    [InlineData("F32", 4)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("I64", 8)]
    [InlineData("I32", 4)]
    [InlineData("I16", 2)]
    [InlineData("I8", 1)]
    [InlineData("U8", 1)]
    [InlineData("BOOL", 1)]
    public void Every_dtype_has_its_size(string dtype, int size)
    {
        string header = $$$"""{"w":{"dtype":"{{{dtype}}}","shape":[2],"data_offsets":[0,{{{2 * size}}}]}}""";
        Assert.Equal([0f, 0f], CheckpointFiles.Read(CheckpointFiles.Safetensors(header, new byte[2 * size]))["w"]!.ToFloats());
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", "need 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "overlap or leave a gap")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "header declares 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "overlap")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "occurs twice")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}""", "header declares 4000000000")]
    [InlineData("""{"w":{"dtype":"F32","shape":[100000,100000,100000,100000,100000],"data_offsets":[0,8]}}""", "more than 2147483647 elements")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2147483647,2147483647,0],"data_offsets":[0,0]}}""", "more than 2147483647 elements")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "out of range")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "need 8")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "need 8")]
    [InlineData("""{"w":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", "dtype 'F8_E4M3'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", "more than 8 numbers")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2]}}""", "no dtype, shape or data_offsets")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}""", "unknown field 'x'")]
    [InlineData("""{"w":[[[[[[[[]]]]]]]]}""", "not valid JSON")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("""{"w":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("""{"__metadata__":{"a":{"b":1}}}""", "not valid JSON")]
    [InlineData("""{}""", "header declares 0")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""", "not valid JSON")]
    [InlineData("""{"w":""", "not valid JSON")]
    public void Bad_headers_are_refused(string header, string expected) =>
        Assert.Contains(expected, CheckpointFiles.Refusal(CheckpointFiles.Safetensors(header, new byte[8])), StringComparison.Ordinal);

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(1_000UL)]
    public void A_header_longer_than_the_file_is_refused(ulong length)
    {
        byte[] file = [.. BitConverter.GetBytes(length), .. "{}"u8];
        Assert.Contains($"a header of {length} bytes", CheckpointFiles.Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_and_broken_utf8_are_refused()
    {
        Assert.Contains(
            "unknown field 'a'", CheckpointFiles.Refusal(CheckpointFiles.Safetensors(string.Concat(Enumerable.Repeat("{\"a\":", 100_000)))),
            StringComparison.Ordinal);
        byte[] header = [.. "{\""u8, 0xff, .. "\":{}}"u8];
        Assert.Contains(
            "not valid JSON", CheckpointFiles.Refusal([.. BitConverter.GetBytes((ulong)header.Length), .. header]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_tensors_has_a_limit()
    {
        string header = "{" + string.Join(
            ',', Enumerable.Range(0, 200_001).Select(static i => $"\"{i}\":" + """{"dtype":"F32","shape":[0],"data_offsets":[0,0]}""")) + "}";
        Assert.Contains("more than 200000 tensors", CheckpointFiles.Refusal(CheckpointFiles.Safetensors(header)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_tensors_is_refused() =>
        Assert.Contains("holds no tensor", CheckpointFiles.Refusal(CheckpointFiles.Safetensors("{}" + new string(' ', 6))), StringComparison.Ordinal);

    [Fact]
    public void Names_are_cut_and_cleaned_in_messages()
    {
        string name = "\\u001b[2J" + new string('x', 5_000);
        string message = CheckpointFiles.Refusal(CheckpointFiles.Safetensors($$$"""{"{{{name}}}":{}}"""));
        Assert.Contains("'?[2Jxxx", message, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(message), 1, 400);
    }
}
