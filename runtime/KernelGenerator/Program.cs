using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.KernelGenerator;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run --project runtime/KernelGenerator -- runtime/Core/Backends/Cpu/Emit/ConvAvx512.g.cs");
    return 2;
}

var set = new CodeSet();
File.WriteAllText(args[0], SourceWriter.Write(set));
Console.WriteLine($"{args[0]}: {set.Code.Length} bytes of code");
return 0;
