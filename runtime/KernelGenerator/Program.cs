using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.KernelGenerator;
using ResNetEdge.KernelGenerator.Functions;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run --project runtime/KernelGenerator -- runtime/Core/Backends/Cpu/Emit/ConvAvx512.g.cs");
    return 2;
}

var set = new CodeSet();
File.WriteAllText(args[0], SourceWriter.Write(set));
File.WriteAllText(Path.Combine(Path.GetDirectoryName(args[0]) ?? "", "FunctionsAvx512.g.cs"), FunctionSet.Write());
Console.WriteLine($"{args[0]}: {set.Code.Length} bytes of code");
return 0;
