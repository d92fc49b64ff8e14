using static ResNetEdge.Tests.Fakes.Ptx.LaneOps;

namespace ResNetEdge.Tests.Fakes.Ptx;

/// <content>Instructions by their opcodes, as clang spells them: arithmetic, branches, barriers.</content>
internal sealed partial class PtxKernel
{
    private LaneOp Operation(PtxStatement s) => Moves(s) ?? Arithmetic(s) ?? Comparisons(s) ?? Control(s) ?? Memory(s)
        ?? throw new NotSupportedException($"PTX line {s.Line}: the interpreter does not know '{s.Opcode}'");

    private LaneOp? Moves(PtxStatement s)
    {
        switch (s.Opcode)
        {
            case "mov.b32" or "mov.u32" or "mov.f32" or "mov.b64" or "mov.u64" or "mov.f64" or "mov.u16" or "mov.pred":
            // One window per space: an address of the wrong space is outside its bounds.
            case "cvta.to.global.u64" or "cvta.to.shared.u64" or "cvta.global.u64" or "cvta.shared.u64":
            case "cvt.u64.u32" or "cvt.u32.u16": return Unary<Copy>(s);
            case "cvt.s64.s32": return Unary<Sign32>(s);
            case "cvt.u32.u64": return Unary<Low32>(s);
            case "cvt.u16.u32": return Unary<Low16>(s);
            case "cvt.rn.f32.s32": return Unary<FloatOfS32>(s);
            case "cvt.f32.f16": return Unary<FloatOfHalf>(s);
            case "cvt.rn.f16.f32": return Unary<HalfOfFloat>(s);
            case "cvt.f64.f32": return Unary<DoubleOfFloat>(s);
            case "cvt.rn.f32.f64": return Unary<FloatOfDouble>(s);
            case "cvt.rn.f64.s32": return Unary<DoubleOfS32>(s);
            case "cvt.rn.f64.s64": return Unary<DoubleOfS64>(s);
            case "cvt.rni.f32.f32": return Unary<EvenF>(s);
            case "cvt.rmi.f32.f32": return Unary<FloorF>(s);
            case "cvt.rni.f64.f64": return Unary<EvenD>(s);
            case "cvt.rmi.f64.f64": return Unary<FloorD>(s);
            case "sqrt.rn.f32": return Unary<RootF>(s);
            case "sqrt.rn.f64": return Unary<RootD>(s);
            case "cvt.rni.s32.f32": return Unary<EvenS32>(s);
            case "not.b32": return Unary<Not32>(s);
            case "not.pred": return Unary<NotP>(s);
            case "neg.s32": return Unary<Neg32>(s);
            case "neg.s64": return Unary<Neg64>(s);
            case "neg.f32": return Unary<NegF>(s);
            case "selp.u32" or "selp.b32" or "selp.s32" or "selp.b64" or "selp.f32" or "selp.f64" or "selp.u16" or "selp.b16":
                return Ternary<Select>(s);
            default: return null;
        }
    }

    private LaneOp? Arithmetic(PtxStatement s) => s.Opcode switch
    {
        "add.s32" or "add.u32" => Binary<Add32>(s),
        "add.s64" or "add.u64" => Binary<Add64>(s),
        "sub.s32" => Binary<Sub32>(s),
        "sub.s64" => Binary<Sub64>(s),
        "mul.lo.s32" => Binary<Mul32>(s),
        "mul.lo.s64" => Binary<Mul64>(s),
        "mul.wide.s32" => Binary<WideS>(s),
        "mul.wide.u32" => Binary<WideU>(s),
        "mul.wide.u16" => Binary<WideU16>(s),
        "mul.hi.u32" => Binary<HighU>(s),
        "mul.hi.s32" => Binary<HighS>(s),
        "div.s32" => Binary<DivS>(s),
        "div.u32" => Binary<DivU>(s),
        "rem.s32" => Binary<RemS>(s),
        "rem.u32" => Binary<RemU>(s),
        "and.b32" or "and.b64" or "and.pred" => Binary<And>(s),
        "or.b32" or "or.b64" or "or.pred" => Binary<Or>(s),
        "xor.b32" or "xor.pred" => Binary<Xor>(s),
        "shl.b32" => Binary<Shl32>(s),
        "shl.b64" => Binary<Shl64>(s),
        "shr.u32" => Binary<ShrU32>(s),
        "shr.u64" => Binary<ShrU64>(s),
        "shr.s32" => Binary<ShrS32>(s),
        "min.s32" => Binary<MinS>(s),
        "max.s32" => Binary<MaxS>(s),
        "min.u32" => Binary<MinU>(s),
        "max.u32" => Binary<MaxU>(s),
        "add.rn.f32" => Binary<AddF>(s),
        "sub.rn.f32" => Binary<SubF>(s),
        "mul.rn.f32" => Binary<MulF>(s),
        "div.rn.f32" => Binary<DivF>(s),
        "add.rn.f64" => Binary<AddD>(s),
        "sub.rn.f64" => Binary<SubD>(s),
        "mul.rn.f64" => Binary<MulD>(s),
        "div.rn.f64" => Binary<DivD>(s),
        "fma.rn.f64" => Ternary<FmaD>(s),
        "fma.rn.f32" => Ternary<Fma>(s),
        "mad.lo.s32" => Ternary<Mad32>(s),
        "bfe.u32" => Ternary<BfeU>(s),
        "shf.r.wrap.b32" => Ternary<FunnelRight>(s),
        "dp4a.u32.s32" => Ternary<DotUS>(s),
        _ => null,
    };

    private LaneOp? Comparisons(PtxStatement s) => s.Opcode switch
    {
        "setp.eq.s32" or "setp.eq.s64" => Binary<Eq>(s),
        "setp.ne.s32" or "setp.ne.s64" => Binary<Ne>(s),
        "setp.lt.s32" => Binary<LtS32>(s),
        "setp.le.s32" => Binary<LeS32>(s),
        "setp.gt.s32" => Binary<GtS32>(s),
        "setp.ge.s32" => Binary<GeS32>(s),
        "setp.lt.u32" or "setp.lt.u64" => Binary<LtU>(s),
        "setp.le.u32" or "setp.le.u64" => Binary<LeU>(s),
        "setp.gt.u32" or "setp.gt.u64" => Binary<GtU>(s),
        "setp.ge.u32" or "setp.ge.u64" => Binary<GeU>(s),
        "setp.lt.f32" => Binary<LtF>(s),
        "setp.geu.f32" => Binary<GeuF>(s),
        "setp.nan.f32" => Binary<NanF>(s),
        "setp.lt.f64" => Binary<LtD>(s),
        "setp.le.f64" => Binary<LeD>(s),
        "setp.ge.f64" => Binary<GeD>(s),
        "setp.gt.f32" => Binary<GtF>(s),
        _ => null,
    };

    private LaneOp? Control(PtxStatement s)
    {
        switch (s.Opcode)
        {
            case "bra" or "bra.uni":
                int target = Function.Labels[s.Operands[0].Text];
                return (w, mask) => (w.Jump, w.Taken) = (target, mask);
            case "ret":
                return static (w, mask) => (w.Jump, w.Taken) = (-1, mask);
            case "bar.sync":
                return static (w, mask) =>
                {
                    w.NeedWhole(mask);
                    w.IsWaiting = true;
                };
            default: return null;
        }
    }

    private LaneOp Unary<T>(PtxStatement s) where T : struct, IUnary
    {
        int a = Source(s.Operands[1]), d = Slot(s.Operands[0].Text);
        return (w, mask) =>
        {
            w.Need(a, mask);
            w.Known[d] |= mask;
            Span<ulong> from = w.Registers.AsSpan(a * 32, 32), to = w.Registers.AsSpan(d * 32, 32);
            for (int i = 0; i < 32; i++)
                if ((mask >> i & 1) != 0) to[i] = T.Do(from[i]);
        };
    }

    private LaneOp Binary<T>(PtxStatement s) where T : struct, IBinary
    {
        int a = Source(s.Operands[1]), b = Source(s.Operands[2]), d = Slot(s.Operands[0].Text);
        return (w, mask) =>
        {
            w.Need(a, mask);
            w.Need(b, mask);
            w.Known[d] |= mask;
            var r = w.Registers;
            Span<ulong> left = r.AsSpan(a * 32, 32), right = r.AsSpan(b * 32, 32), to = r.AsSpan(d * 32, 32);
            for (int i = 0; i < 32; i++)
                if ((mask >> i & 1) != 0) to[i] = T.Do(left[i], right[i]);
        };
    }

    private LaneOp Ternary<T>(PtxStatement s) where T : struct, ITernary
    {
        int a = Source(s.Operands[1]), b = Source(s.Operands[2]), c = Source(s.Operands[3]), d = Slot(s.Operands[0].Text);
        return (w, mask) =>
        {
            w.Need(a, mask);
            w.Need(b, mask);
            w.Need(c, mask);
            w.Known[d] |= mask;
            var r = w.Registers;
            Span<ulong> first = r.AsSpan(a * 32, 32), second = r.AsSpan(b * 32, 32), third = r.AsSpan(c * 32, 32), to = r.AsSpan(d * 32, 32);
            for (int i = 0; i < 32; i++)
                if ((mask >> i & 1) != 0) to[i] = T.Do(first[i], second[i], third[i]);
        };
    }
}
