using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv;

/// <summary>
/// The offsets behind <see cref="Indirection"/>, shared by all layers of the same geometry that read the same place: a network of a
/// thousand layers reads a handful of tables, which stay in the caches, instead of a thousand.
/// </summary>
internal sealed unsafe class IndirectionTable
{
    private static readonly Lock Gate = new();

    // Weak, so that layers which are collected without being disposed take their table with them.
    private static readonly Dictionary<Key, WeakReference<IndirectionTable>> Tables = [];
    private readonly Key _key;
    private int _users;

    private IndirectionTable(Key key, ConvLayout layout)
    {
        _key = key;
        Offsets = new NativeBlock<uint>((long)layout.Taps * layout.Shape.Pixels);
        uint* next = Offsets.Data;
        int lines = layout.Shape.OutputLines, width = layout.Shape.OutputWidth;
        for (int tap = 0; tap < layout.Taps; tap++)
        {
            int tapY = layout.HasRowTaps ? tap : tap / layout.Shape.KernelWidth, tapX = layout.HasRowTaps ? 0 : tap % layout.Shape.KernelWidth;
            for (int line = 0; line < lines; line++)
            {
                long row = layout.Reader.Row(line, tapY);
                for (int x = 0; x < width; x++)
                    *next++ = Indirection.Narrow(layout.Reader.Offset(row, layout.Reader.Column(x, tapX)));
            }
        }
    }

    /// <summary>[tap][pixel], bytes from the arena's base.</summary>
    public NativeBlock<uint> Offsets { get; }

    /// <summary>The table of a layout, made if nobody uses it yet; every call asks for one <see cref="Release"/>.</summary>
    /// <exception cref="EdgeException">Exit 3: the arena would exceed 4 GiB.</exception>
    public static IndirectionTable Share(ConvLayout layout)
    {
        // Channels change nothing: offsets lead to a pixel's first.
        var key = new Key(
            layout.Shape with { InputChannels = 1, OutputChannels = 1, Groups = 1 }, layout.Input, layout.PaddingOffset, layout.HasRowTaps);
        lock (Gate)
        {
            if (!Tables.TryGetValue(key, out var weak) || !weak.TryGetTarget(out var table) || table._users == 0)
            {
                table = new IndirectionTable(key, layout);
                Tables[key] = new WeakReference<IndirectionTable>(table);
            }

            table._users++;
            return table;
        }
    }

    /// <summary>One user less; the last one frees it.</summary>
    public void Release()
    {
        lock (Gate)
        {
            if (--_users > 0)
                return;
            if (Tables.TryGetValue(_key, out var weak) && (!weak.TryGetTarget(out var present) || present == this))
                Tables.Remove(_key);
            Offsets.Dispose();
        }
    }

    private readonly record struct Key(ConvShape Shape, Placement Input, long Padding, bool HasRowTaps);
}
