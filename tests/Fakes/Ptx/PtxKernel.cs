namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>
/// An entry of a module made runnable: registers are numbered, immediates and special registers are slots like any other. Lanes that are furthest
/// behind run first, so that they come together again; blocks and warps run in an order that a seed draws. Harsher than a device: races, copies that
/// nobody waited for, unwritten registers and memory, and instructions that the interpreter does not know are faults.
/// </summary>
/// <remarks>Written from the PTX ISA's text: fragments of m16n8k32, and ldmatrix.</remarks>
internal sealed partial class PtxKernel
{
    /// <summary>What an instruction does for the lanes of a mask.</summary>
    internal delegate void LaneOp(PtxWarp warp, uint mask);

    /// <summary>What a special register holds for a thread of a block, by their indices.</summary>
    private delegate ulong Special(uint thread, uint lane, (uint X, uint Y) block);

    private readonly Dictionary<string, int> _slots = [];
    private readonly List<(int Slot, Special Value)> _preset = [];
    private readonly LaneOp[] _ops;
    private readonly (int Slot, bool IsNegated)[] _guards;
    private byte[] _parameters = [];
    private long _executed;

    /// <exception cref="NotSupportedException">An instruction that our kernels should not have.</exception>
    public PtxKernel(PtxFunction function)
    {
        Function = function;
        _ops = new LaneOp[function.Body.Count];
        _guards = new (int, bool)[function.Body.Count];
        foreach (var (i, s) in function.Body.Index())
        {
            _guards[i] = s.Guard is null ? (-1, false) : (Slot(s.Guard), s.IsGuardNegated);
            _ops[i] = Operation(s);
        }
    }

    public PtxFunction Function { get; }

    /// <summary>Registers of a lane.</summary>
    public int Slots => _slots.Count;

    /// <summary>Warp instructions that one launch may take; an endless loop ends there.</summary>
    public long Budget { get; init; } = 200_000_000;

    /// <summary>Runs a grid of blocks of so many threads.</summary>
    /// <exception cref="DeviceFault">What a device would do wrong, perhaps without a word.</exception>
    public void Launch((uint X, uint Y) grid, int threads, byte[] parameters, DeviceMemory memory, int seed)
    {
        if (parameters.Length != Function.ParameterBytes)
            throw new DeviceFault($"{parameters.Length} bytes of parameters, the kernel has {Function.ParameterBytes}");
        if (Function.MostThreads is > 0 and var most && threads > most) throw new DeviceFault($"{threads} threads, the kernel allows {most}");
        (_parameters, _executed) = (parameters, 0);
        int[] order = [.. Enumerable.Range(0, (int)(grid.X * grid.Y))];
        new Random(seed).Shuffle(order);
        foreach (int b in order) RunBlock(((uint)b % grid.X, (uint)b / grid.X), threads, memory, new Random(seed ^ b));
    }

    private void RunBlock((uint X, uint Y) block, int threads, DeviceMemory memory, Random random)
    {
        var shared = new SharedMemory(Function.SharedBytes);
        var warps = new PtxWarp[(threads + 31) / 32];
        for (int i = 0; i < warps.Length; i++)
        {
            var w = warps[i] = new PtxWarp(this, i, Math.Min(32, threads - i * 32), shared, memory);
            foreach (var (slot, value) in _preset)
            {
                w.Known[slot] = uint.MaxValue;
                for (uint lane = 0; lane < 32; lane++) w.Registers[slot * 32 + lane] = value((uint)w.FirstThread + lane, lane, block);
            }

            w.Groups.Add((0, w.AllLanes));
        }

        while (true)
        {
            random.Shuffle(warps);
            foreach (var w in warps) RunToBarrier(w);
            int waiting = warps.Count(w => w.IsWaiting);
            if (waiting == 0) break;
            if (waiting != warps.Length) throw new DeviceFault($"{waiting} of {warps.Length} warps are at the barrier, the others have ended");
            foreach (var w in warps) w.IsWaiting = false;
            shared.Epoch++;
        }

        if (warps.Any(w => w.HasCopies)) throw new DeviceFault("the block ended with asynchronous copies in flight");
    }

    private void RunToBarrier(PtxWarp w)
    {
        while (w.Groups.Count > 0 && !w.IsWaiting)
        {
            var (at, mask) = w.Take();
            if (at >= _ops.Length) throw new DeviceFault($"{Function.Name} ran off its end");
            uint active = mask & Guarded(w, at, mask);
            w.Taken = 0;
            if (active != 0) Execute(w, at, active);
            if (w.Taken != 0)
            {
                if (w.Jump >= 0) w.Put(w.Jump, w.Taken);
                mask &= ~w.Taken;
            }

            if (mask != 0) w.Put(at + 1, mask);
        }
    }

    /// <summary>Lanes for which the guard of a statement holds.</summary>
    private uint Guarded(PtxWarp w, int at, uint mask)
    {
        var (slot, isNegated) = _guards[at];
        if (slot < 0) return uint.MaxValue;
        w.Need(slot, mask);
        uint holds = 0;
        for (int lane = 0; lane < 32; lane++) holds |= w.Registers[slot * 32 + lane] != 0 ? 1u << lane : 0;
        return isNegated ? ~holds : holds;
    }

    private void Execute(PtxWarp w, int at, uint active)
    {
        if (++_executed > Budget) throw new DeviceFault($"{Function.Name}: more than {Budget} instructions in one launch: an endless loop?");
        try
        {
            _ops[at](w, active);
        }
        catch (DeviceFault e)
        {
            var s = Function.Body[at];
            throw new DeviceFault($"{Function.Name}, PTX line {s.Line}, {s.Opcode}, warp {w.FirstThread / 32}: {e.Message}");
        }
    }

    private int Slot(string name)
    {
        if (_slots.TryGetValue(name, out int slot)) return slot;
        _slots[name] = slot = _slots.Count;
        if (name[0] != '%' || !name.Contains('.')) return slot;
        _preset.Add((slot, name switch
        {
            "%tid.x" => static (thread, _, _) => thread,
            "%ctaid.x" => static (_, _, block) => block.X,
            "%ctaid.y" => static (_, _, block) => block.Y,
            _ => throw new NotSupportedException($"special register {name}"),
        }));
        return slot;
    }

    /// <summary>Slot of what is read; immediates and symbols get one of their own.</summary>
    private int Source(PtxOperand o)
    {
        if (o.Kind == PtxOperandKind.Register) return Slot(o.Text);
        ulong value = o.Kind switch
        {
            PtxOperandKind.Immediate => o.Value,
            PtxOperandKind.Symbol when Function.Shared.TryGetValue(o.Text, out var place) => (ulong)place.Offset,
            PtxOperandKind.Symbol when Function.Parameters.TryGetValue(o.Text, out var place) => (ulong)place.Offset,
            _ => throw new NotSupportedException($"operand '{o.Text}'"),
        };
        string name = $"={value:x}";
        if (_slots.TryGetValue(name, out int slot)) return slot;
        _slots[name] = slot = _slots.Count;
        _preset.Add((slot, (_, _, _) => value));
        return slot;
    }
}
