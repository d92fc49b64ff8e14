using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ResNetEdge.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

public class SinkRingTests
{
    [Fact]
    public void It_is_a_bounded_queue() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll<int[]>(steps =>
    {
        var ring = new SinkRing(200);
        var plain = new Queue<(SinkItemKind, string, string, uint)>();
        var item = new SinkItem();
        int used = 0;
        foreach (int step in steps)
        {
            uint bits = (uint)step * 2654435761u;
            if (bits % 3 == 0)
            {
                Assert.Equal(plain.TryDequeue(out var expected), ring.TryTake(item));
                if (expected.Item2 is null) continue;
                Assert.Equal(expected, (item.Kind, Encoding.UTF8.GetString(item.Name), Encoding.UTF8.GetString(item.Json), item.Picture));
                used -= 11 + expected.Item2.Length + expected.Item3.Length;
            }
            else
            {
                var kind = (SinkItemKind)(bits >> 5 & 1);
                string name = new('n', (int)(bits >> 8 & 7)), json = new((char)('a' + bits % 26), (int)(bits >> 12 & 63));
                int needed = 11 + name.Length + json.Length;
                bool fits = needed <= 50 && used + needed <= (kind == SinkItemKind.Result ? 150 : 200);
                Assert.Equal(fits, ring.TryAdd(kind, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(json), bits));
                if (!fits) continue;
                plain.Enqueue((kind, name, json, bits));
                used += needed;
            }

            Assert.Equal(plain.Count, ring.Count);
        }
    }));
}
