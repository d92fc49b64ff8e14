using BenchmarkDotNet.Running;
using ResNetEdge.Benchmarks.Micro;

if (args is ["rates", ..])
    return Rates.Print(args.AsSpan(1));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
