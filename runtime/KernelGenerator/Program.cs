using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.KernelGenerator;
using ResNetEdge.KernelGenerator.Arm64;
using ResNetEdge.KernelGenerator.Functions;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run --project runtime/KernelGenerator -- runtime/Core/Backends/Cpu/Emit/ConvAvx512.g.cs");
    return 2;
}

var set = new CodeSet();
File.WriteAllText(args[0], SourceWriter.Write(set));
string folder = Path.GetDirectoryName(args[0]) ?? "";
File.WriteAllText(Path.Combine(folder, "FunctionsAvx512.g.cs"), FunctionSet.Write());
var arm64 = new Arm64CodeSet();
File.WriteAllText(Path.Combine(folder, Arm64Source.FileName), Arm64Source.Write(arm64));
Console.WriteLine($"{args[0]}: {set.Code.Length} bytes of code; {Arm64Source.FileName}: {arm64.Code.Length}");
return 0;
