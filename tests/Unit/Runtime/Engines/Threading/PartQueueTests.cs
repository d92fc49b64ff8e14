using ResNetEdge.Backends.Cpu.Threading;

namespace ResNetEdge.Tests.Unit.Runtime.Engines.Threading;

public class PartQueueTests
{
    [Fact]
    public void Parts_come_out_in_order_and_end()
    {
        var queue = new PartQueue();
        Assert.True(queue.IsEmpty);
        queue.Fill(3, 5);
        Assert.False(queue.IsEmpty);
        Assert.True(queue.TryTake(out int a));
        Assert.True(queue.TryTake(out int b));
        Assert.False(queue.TryTake(out _));
        Assert.Equal((3, 4), (a, b));
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void The_last_part_that_fits_comes_out_and_no_more()
    {
        var queue = new PartQueue();
        queue.Fill(ushort.MaxValue - 1, ushort.MaxValue);
        Assert.True(queue.TryTake(out int part));
        Assert.Equal(ushort.MaxValue - 1, part);
        Assert.False(queue.TryTake(out _));
        queue.Fill(0, 1);
        Assert.True(queue.TryTake(out part));
        Assert.Equal(0, part);
    }

    [Fact]
    public void Two_threads_take_every_part_of_every_filling_once()
    {
        const int Fillings = 20_000, Parts = 3;
        var queue = new PartQueue();
        int[] taken = new int[Parts];
        int total = 0, ended = 0;
        void TakeAll()
        {
            while (queue.TryTake(out int part))
            {
                Interlocked.Increment(ref taken[part]);
                Interlocked.Increment(ref total);
            }
        }

        var other = new Thread(() =>
        {
            while (Volatile.Read(ref ended) == 0) TakeAll();
        });
        other.Start();
        for (int i = 1; i <= Fillings; i++)
        {
            queue.Fill(0, Parts);
            TakeAll();
            int filling = i;
            SpinWait.SpinUntil(() => Volatile.Read(ref total) >= filling * Parts);
        }

        Volatile.Write(ref ended, 1);
        other.Join();
        Assert.Equal(Enumerable.Repeat(Fillings, Parts), taken);
        Assert.Equal(Fillings * Parts, total);
    }
}
