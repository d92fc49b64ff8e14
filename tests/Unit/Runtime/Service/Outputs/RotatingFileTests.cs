using FsCheck;
using FsCheck.Fluent;
using ResNetEdge.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

public sealed class RotatingFileTests : IDisposable
{
    private readonly SinkBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_newest_lines_are_there_in_order_and_the_disk_is_bounded() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll<byte[], byte>((sizes, count) =>
        {
            int files = 1 + count % 4;
            string folder = Directory.CreateTempSubdirectory("rotate").FullName, path = Path.Combine(folder, "deep", "log");
            var written = new List<string>();
            for (int i = 0; i < sizes.Length; i++)
            {
                using var file = new RotatingFile(path, 300, files); // opened anew each time, as after a restart
                written.Add($"{i} {new string('x', sizes[i])}\n");
                file.Write(System.Text.Encoding.UTF8.GetBytes(written[^1]));
            }

            string kept = string.Concat(
                Enumerable.Range(0, files).Reverse().Select(i => i == 0 ? path : $"{path}.{i}").Where(File.Exists).Select(File.ReadAllText));
            Assert.EndsWith(kept, string.Concat(written), StringComparison.Ordinal);
            Assert.True(written.Count == 0 || kept.EndsWith(written[^1], StringComparison.Ordinal));
            Assert.True(!Directory.Exists(Path.GetDirectoryName(path))
                || Directory.GetFiles(Path.GetDirectoryName(path)!).All(f => new FileInfo(f).Length <= 300));
            Assert.True(sizes.Length == 0 || Directory.GetFiles(Path.GetDirectoryName(path)!).Length <= files);
            Directory.Delete(folder, recursive: true);
        }));

    [Fact]
    public void A_line_that_a_power_cut_left_short_does_not_swallow_the_next()
    {
        string path = Path.Combine(_bench.Folder, "log");
        File.WriteAllText(path, "whole\ncut in the mid");
        using (var file = new RotatingFile(path, 1000, 1)) file.Write("next\n"u8);
        Assert.Equal("whole\ncut in the mid\nnext\n", File.ReadAllText(path));
    }

    [Fact]
    public void Lines_of_others_and_an_emptied_file_are_added_to_and_never_written_over()
    {
        string path = Path.Combine(_bench.Folder, "log");
        using var file = new RotatingFile(path, 40, 2);
        file.Write("one\n"u8);
        File.AppendAllText(path, "somebody else\n");
        file.Write("two\n"u8);
        Assert.Equal("one\nsomebody else\ntwo\n", File.ReadAllText(path));
        File.WriteAllText(path, ""); // logrotate's copytruncate
        file.Write("three\n"u8);
        Assert.Equal("three\n", File.ReadAllText(path));
        File.AppendAllText(path, new string('x', 36) + "\n");
        file.Write("four\n"u8); // would be more than 40 bytes, by what lies there
        Assert.Equal("four\n", File.ReadAllText(path));
        Assert.StartsWith("three\n", File.ReadAllText(path + ".1"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_file_is_refused_at_once()
    {
        var e = Assert.Throws<EdgeException>(() => new RotatingFile(_bench.Folder, 1, 1));
        Assert.Equal(
            (FailureKind.BadInput, $"'{_bench.Folder}' is a folder; lines are written to a file, which is created if missing, or to 'stdout'"),
            (e.Kind, e.Message));
        Assert.Contains(
            "is not a regular file", Assert.Throws<EdgeException>(() => new RotatingFile("/dev/null", 1, 1)).Message, StringComparison.Ordinal);
    }
}
