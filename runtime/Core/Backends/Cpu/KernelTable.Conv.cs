using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Conv.Depthwise;
using ResNetEdge.Backends.Cpu.Conv.Fp16;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Conv.Gathered;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Backends.Cpu.Conv.Rows;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Conv.WinogradFp16;
using ResNetEdge.Backends.Cpu.Conv.WinogradInt8;
using ResNetEdge.Backends.Cpu.Conv.WinogradRows;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu;

internal static partial class KernelTable
{
    /// <summary>Convolutions of every type, directly and by Winograd's method: entries of <see cref="All"/>.</summary>
    private static KernelEntry[] Convolutions() =>
    [
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8DepthwiseAvx512Vnni), KernelTiers.Avx512Vnni, ConvInt8DepthwiseAvx512Vnni.CanRun, p => new ConvInt8DepthwiseAvx512Vnni(p)),
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8DepthwiseAvx2), KernelTiers.Avx2, ConvInt8DepthwiseAvx2.CanRun, p => new ConvInt8DepthwiseAvx2(p)),
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8QuadAvx512Vnni), KernelTiers.Avx512Vnni, ConvInt8QuadAvx512Vnni.CanRun, p => new ConvInt8QuadAvx512Vnni(p))
        {
            Scratch = (p, _) => ConvInt8QuadAvx512Vnni.ScratchBytes(p.Shape),
        },
        new KernelEntry<ConvInt8Problem>(nameof(ConvInt8Amx), KernelTiers.Amx, ConvInt8Amx.CanRun, p => new ConvInt8Amx(p)),
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8Avx512Vnni), KernelTiers.Avx512Vnni, ConvInt8Avx512Vnni.CanRun, p => new ConvInt8Avx512Vnni(p)),
        new KernelEntry<ConvInt8Problem>(nameof(ConvInt8Avx512Bw), KernelTiers.Avx512Bw, ConvInt8Avx512Bw.CanRun, p => new ConvInt8Avx512Bw(p)),
        new KernelEntry<ConvInt8Problem>(nameof(ConvInt8AvxVnni), KernelTiers.AvxVnni, _ => true, p => new ConvInt8AvxVnni(p)),
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8WinogradAvx2), KernelTiers.Avx2, p => Avx2.IsSupported && ConvInt8WinogradAvx2.CanRun(p),
            p => Avx2.IsSupported ? new ConvInt8WinogradAvx2(p) : throw Foreign())
        {
            Scratch = (p, threads) => Avx2.IsSupported ? WinogradInt8Bounds.ScratchBytes(p.Shape, WinogradInt8Cost.Avx2, threads) : 0,
        },
        new KernelEntry<ConvInt8Problem>(nameof(ConvInt8Avx2), KernelTiers.Avx2, _ => true, p => new ConvInt8Avx2(p)),
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8DepthwiseAdvSimd), KernelTiers.Neon, ConvInt8DepthwiseAdvSimd.CanRun,
            p => AdvSimd.Arm64.IsSupported ? new ConvInt8DepthwiseAdvSimd(p) : throw Foreign()),
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8DpEmitted), KernelTiers.NeonDot, _ => EmittedArm64.Refusal is null,
            p => AdvSimd.Arm64.IsSupported ? new ConvInt8DpEmitted(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? GatheredLayout.ScratchBytes(p, threads) : 0,
        },
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8Dp), KernelTiers.NeonDot, _ => true, p => AdvSimd.Arm64.IsSupported ? new ConvInt8Dp(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? GatheredLayout.ScratchBytes(p, threads) : 0,
        },
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8WinogradEmitted), KernelTiers.Neon, p => AdvSimd.Arm64.IsSupported && ConvInt8WinogradEmitted.CanRun(p),
            p => AdvSimd.Arm64.IsSupported ? new ConvInt8WinogradEmitted(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? WinogradInt8Bounds.ScratchBytes(p.Shape, WinogradInt8Cost.Neon, threads) : 0,
        },
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8WinogradAdvSimd), KernelTiers.Neon, p => AdvSimd.Arm64.IsSupported && ConvInt8WinogradAdvSimd.CanRun(p),
            p => AdvSimd.Arm64.IsSupported ? new ConvInt8WinogradAdvSimd(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? WinogradInt8Bounds.ScratchBytes(p.Shape, WinogradInt8Cost.Neon, threads) : 0,
        },
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8AdvSimdEmitted), KernelTiers.Neon, _ => EmittedArm64.Refusal is null,
            p => AdvSimd.Arm64.IsSupported ? new ConvInt8AdvSimdEmitted(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? GatheredLayout.ScratchBytes(p, threads) : 0,
        },
        new KernelEntry<ConvInt8Problem>(
            nameof(ConvInt8AdvSimd), KernelTiers.Neon, _ => true, p => AdvSimd.Arm64.IsSupported ? new ConvInt8AdvSimd(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? GatheredLayout.ScratchBytes(p, threads) : 0,
        },
        new KernelEntry<ConvInt8Problem>(nameof(ConvInt8Reference), KernelTiers.Scalar, _ => true, p => new ConvInt8Reference(p)),

        new KernelEntry<ConvFp32Problem>(
            nameof(ConvFp32RowsAvx512), KernelTiers.Avx512Bw, ConvFp32RowsAvx512.CanRun, p => new ConvFp32RowsAvx512(p)),
        new KernelEntry<ConvFp32Problem>(
            "ConvFp32DepthwiseAvx2", KernelTiers.Avx2, p => DepthwiseShape.Is(p.Shape),
            p => Avx2.IsSupported ? new ConvFp32Depthwise<Float32x8>("ConvFp32DepthwiseAvx2", p) : throw Foreign()),
        new KernelEntry<ConvFp32Problem>(nameof(ConvFp32Avx512), KernelTiers.Avx512Bw, _ => true, p => new ConvFp32Avx512(p)),
        new KernelEntry<ConvFp32Problem>(nameof(ConvFp32Avx2), KernelTiers.Avx2, _ => true, p => new ConvFp32Avx2(p)),
        new KernelEntry<ConvFp32Problem>(
            nameof(ConvFp32DepthwiseSquareAdvSimd), KernelTiers.Neon, ConvFp32DepthwiseSquareAdvSimd.CanRun,
            p => AdvSimd.Arm64.IsSupported ? ConvFp32DepthwiseSquareAdvSimd.Bind(nameof(ConvFp32DepthwiseSquareAdvSimd), p) : throw Foreign()),
        new KernelEntry<ConvFp32Problem>(
            "ConvFp32DepthwiseAdvSimd", KernelTiers.Neon, p => DepthwiseShape.Is(p.Shape),
            p => AdvSimd.Arm64.IsSupported ? new ConvFp32Depthwise<Float32x4>("ConvFp32DepthwiseAdvSimd", p) : throw Foreign()),
        new KernelEntry<ConvFp32Problem>(
            nameof(ConvFp32Gathered), KernelTiers.Neon, ConvFp32Gathered.CanRun,
            p => AdvSimd.Arm64.IsSupported ? new ConvFp32Gathered(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? ConvFp32Gathered.ScratchBytes(p, threads) : 0,
        },
        new KernelEntry<ConvFp32Problem>(nameof(ConvFp32AdvSimd), KernelTiers.Neon, _ => true, p => new ConvFp32AdvSimd(p)),
        new KernelEntry<ConvFp32Problem>(nameof(ConvFp32Reference), KernelTiers.Scalar, _ => true, p => new ConvFp32Reference(p)),

        new KernelEntry<ConvFp32WinogradProblem>(
            nameof(ConvFp32WinogradAvx512), KernelTiers.Avx512Bw, ConvFp32Winograd.CanRun, p => new ConvFp32WinogradAvx512(p))
        {
            Scratch = (p, threads) => p.ScratchBytes(threads, WinogradBlocking.X86),
        },
        new KernelEntry<ConvFp32WinogradProblem>(
            nameof(ConvFp32WinogradAvx2), KernelTiers.Avx2, ConvFp32Winograd.CanRun, p => new ConvFp32WinogradAvx2(p))
        {
            Scratch = (p, threads) => p.ScratchBytes(threads, WinogradBlocking.X86),
        },
        new KernelEntry<ConvFp32WinogradProblem>(
            nameof(ConvFp32WinogradEmitted), KernelTiers.Neon, ConvFp32WinogradEmitted.CanRun,
            p => AdvSimd.Arm64.IsSupported ? new ConvFp32WinogradEmitted(p) : throw Foreign())
        {
            Scratch = (p, threads) => p.ScratchBytes(threads, WinogradBlocking.Neon),
        },
        new KernelEntry<ConvFp32WinogradProblem>(
            nameof(ConvFp32WinogradAdvSimd), KernelTiers.Neon, ConvFp32Winograd.CanRun, p => new ConvFp32WinogradAdvSimd(p))
        {
            Scratch = (p, threads) => p.ScratchBytes(threads, WinogradBlocking.Neon),
        },

        new KernelEntry<ConvFp32WinogradRowsProblem>(
            nameof(ConvFp32WinogradRowsEmitted), KernelTiers.Neon, ConvFp32WinogradRowsEmitted.CanRun,
            p => AdvSimd.Arm64.IsSupported ? new ConvFp32WinogradRowsEmitted(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? ConvFp32WinogradRows.ScratchBytes(p, threads) : 0,
        },

        new KernelEntry<ConvFp16Problem>(
            nameof(ConvFp16DepthwiseNeonHalf), KernelTiers.NeonHalf, ConvFp16DepthwiseNeonHalf.CanRun,
            p => AdvSimd.Arm64.IsSupported ? new ConvFp16DepthwiseNeonHalf(p) : throw Foreign()),
        new KernelEntry<ConvFp16Problem>(
            nameof(ConvFp16NeonHalf), KernelTiers.NeonHalf, p => !DepthwiseShape.Is(p.Shape),
            p => AdvSimd.Arm64.IsSupported ? new ConvFp16NeonHalf(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? HalfLayout.ScratchBytes(p, threads) : 0,
        },
        new KernelEntry<ConvFp16Problem>(nameof(ConvFp16Reference), KernelTiers.Scalar, _ => true, p => new ConvFp16Reference(p)),

        new KernelEntry<ConvFp16WinogradProblem>(
            nameof(ConvFp16WinogradNeonHalf), KernelTiers.NeonHalf, p => ConvFp16WinogradNeonHalf.HasShape(p.Conv.Shape),
            p => AdvSimd.Arm64.IsSupported ? new ConvFp16WinogradNeonHalf(p) : throw Foreign())
        {
            Scratch = (p, threads) => AdvSimd.Arm64.IsSupported ? ConvFp16WinogradNeonHalf.ScratchBytes(p, threads) : 0,
        },
    ];
}
