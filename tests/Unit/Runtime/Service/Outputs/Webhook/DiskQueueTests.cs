using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ResNetEdge.Service.Outputs.Webhook;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Webhook;

public class DiskQueueTests
{
    [Fact]
    public void It_is_a_bounded_queue_that_outlives_its_process() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll<byte[]>(steps =>
        {
            string folder = Directory.CreateTempSubdirectory("queue").FullName;
            var plain = new Queue<string>();
            var keys = new HashSet<string>();
            long most = 3 * DiskQueue.OnDisk(1); // of five messages that it may hold
            var queue = new DiskQueue(folder, 5, most);
            foreach (byte step in steps)
            {
                if (step % 4 == 0)
                {
                    // As after a kill in the middle of a write: a temporary file is left, the lock is gone with the process.
                    queue.Dispose();
                    File.WriteAllText(Path.Combine(folder, ".00000000000000000009-x.json.tmp-abc"), "half a mess");
                    queue = new DiskQueue(folder, 5, most);
                    Assert.Empty(Directory.GetFiles(folder, "*tmp*"));
                }
                else if (step % 4 == 1)
                {
                    var peeked = queue.Peek();
                    Assert.Equal(plain.TryDequeue(out string? expected), peeked is not null);
                    if (peeked is not { } item) continue;
                    Assert.Equal(expected, Encoding.UTF8.GetString(item.Message));
                    Assert.Equal(item.Key, queue.Peek()!.Value.Key);
                    Assert.True(keys.Add(item.Key), "each message has its own key");
                    queue.Remove();
                }
                else
                {
                    string message = new((char)('a' + step % 26), 1 + step / 8);
                    bool fits = plain.Count < 5 && plain.Sum(m => DiskQueue.OnDisk(m.Length)) + DiskQueue.OnDisk(message.Length) <= most;
                    Assert.Equal(fits, queue.TryAdd(Encoding.UTF8.GetBytes(message)));
                    if (fits) plain.Enqueue(message);
                }

                Assert.Equal(plain.Count, queue.Count);
            }

            queue.Dispose();
            Directory.Delete(folder, recursive: true);
        }));

    [Fact]
    public void Files_of_others_stay_and_are_not_sent_and_a_cleared_folder_is_an_empty_queue()
    {
        string folder = Directory.CreateTempSubdirectory("queue").FullName;
        string[] strangers =
        [
            "00000000000000000001.json", "0-00112233445566778899aabbccddeeff.json", "00000000000000000001-00112233445566778899aabbccddeef.json",
            "notes.txt",
        ];
        foreach (string name in strangers) File.WriteAllText(Path.Combine(folder, name), "{}");
        // empty: nothing that was ever promised
        File.WriteAllText(Path.Combine(folder, "00000000000000000007-00112233445566778899aabbccddeeff.json"), "");
        using var queue = new DiskQueue(folder, 5, 1 << 20);
        Assert.Equal(0, queue.Count);
        Assert.Null(queue.Peek());
        Assert.True(queue.TryAdd("{}"u8.ToArray()));
        Assert.All(strangers, name => Assert.True(File.Exists(Path.Combine(folder, name))));
        foreach (string file in Directory.GetFiles(folder, "*-*.json")) File.Delete(file);
        Assert.Null(queue.Peek());
        Assert.Equal(0, queue.Count);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Small_messages_count_as_what_they_take_of_the_disk()
    {
        const int mebibyte = 1 << 20;
        string folder = Directory.CreateTempSubdirectory("queue").FullName;
        using (var queue = new DiskQueue(folder, 100_000, mebibyte))
        {
            int taken = 0;
            while (taken < 100_000 && queue.TryAdd("{\"event\":\"rule\"}"u8.ToArray())) taken++;
            Assert.InRange(taken, 100, mebibyte / 4096); // by payload it would be sixty thousand
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Two_processes_cannot_share_it()
    {
        string folder = Directory.CreateTempSubdirectory("queue").FullName;
        using (new DiskQueue(folder, 5, 1 << 20)) Assert.Throws<IOException>(() => new DiskQueue(folder, 5, 1 << 20));
        new DiskQueue(folder, 5, 1 << 20).Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
