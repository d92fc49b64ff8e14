using FsCheck;
using FsCheck.Fluent;
using ResNetEdge.Service.Outputs.Frames;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Frames;

public class KeptFramesTests
{
    private const long Block = 4096, Entry = 1024;
    private static readonly DateTimeOffset Time = new(2026, 11, 30, 20, 15, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_a_bounded_folder_of_whole_pairs_that_outlives_its_process() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), Prop.ForAll<byte[]>(steps =>
        {
            using var folder = new TempFolder();
            const int mostFiles = 4;
            const long mostBytes = 6 * (2 * (Block + Entry)); // of pictures that take a block, six
            var plain = new List<(string Name, int Length)>();
            var kept = new KeptFrames(folder["kept"], mostBytes, mostFiles);
            int number = 0;
            foreach (byte step in steps)
            {
                if (step % 5 == 0)
                {
                    kept.Dispose();
                    kept = new KeptFrames(folder["kept"], mostBytes, mostFiles);
                }

                int length = 1 + (step * 50);
                kept.Add("rule", Time, new byte[length], "{}\n"u8.ToArray());
                plain.Add(($"{++number:d10}-20261130-201500-rule", length));
                while (plain.Count > mostFiles || plain.Sum(p => Bytes(p.Length) + Bytes(3)) > mostBytes) plain.RemoveAt(0);
                Assert.Equal(plain.Count, kept.Number);
                Assert.Equal(plain.SelectMany(p => new[] { $"{p.Name}.jpg", $"{p.Name}.json" }).Order(StringComparer.Ordinal), Names(folder["kept"]));
                Assert.All(plain, p => Assert.Equal(p.Length, new FileInfo(folder[$"kept/{p.Name}.jpg"]).Length));
            }

            kept.Dispose();
        }));

    [Fact]
    public void Halves_are_cleared_away_and_files_of_others_stay()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["kept"]);
        string[] halves = ["0000000007-20261130-201500-rule.jpg", "0000000008-20261130-201500-rule.json", ".0000000009-x.jpg.tmp-abc"];
        string[] strangers = ["holiday.jpg", "notes.txt", "0000000007.jpg", "00000000x7-a.jpg", ".something.tmp-abc"];
        foreach (string name in halves.Concat(strangers)) File.WriteAllText(folder[$"kept/{name}"], "x");
        using var kept = new KeptFrames(folder["kept"], 1 << 20, 1);
        Assert.Equal(0, kept.Number);
        kept.Add("band", Time, [1], "{}"u8.ToArray());
        kept.Add("band", Time, [2], "{}"u8.ToArray());
        Assert.Equal(
            strangers.Concat(["0000000010-20261130-201500-band.jpg", "0000000010-20261130-201500-band.json"]).Order(StringComparer.Ordinal),
            Names(folder["kept"]));
    }

    [Fact]
    public void A_picture_that_is_larger_than_everything_is_refused_and_deletes_nothing()
    {
        using var folder = new TempFolder();
        using var kept = new KeptFrames(folder["kept"], 1 << 20, 9);
        kept.Add("band", Time, [1], "{}"u8.ToArray());
        Assert.Throws<IOException>(() => kept.Add("band", Time, new byte[2 << 20], "{}"u8.ToArray()));
        Assert.Equal(1, kept.Number);
        Assert.Throws<IOException>(() => new KeptFrames(folder["kept"], 1 << 20, 9)); // two outputs cannot share it
    }

    private static long Bytes(int length) => ((length + Block - 1) / Block * Block) + Entry;

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Where(f => f != ".lock").Order(StringComparer.Ordinal);
}
