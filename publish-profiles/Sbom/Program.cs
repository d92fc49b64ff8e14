using System.Globalization;
using ResNetEdge.Sbom;

// sbom NAME VERSION PROFILE SECONDS PROGRAM LOCKFILE BINARY [PROGRAM LOCKFILE BINARY ...]: the bill on stdout.
const int head = 4, each = 3;
if (args.Length < head + each || (args.Length - head) % each != 0)
{
    Console.Error.WriteLine("usage: sbom NAME VERSION PROFILE SECONDS {PROGRAM LOCKFILE BINARY}...");
    return 2;
}

try
{
    var programs = args[head..].Chunk(each).Select(p => new PackedProgram(p[0], LockedPackages.Read(p[1]), p[2]));
    var time = DateTimeOffset.FromUnixTimeSeconds(long.Parse(args[3], CultureInfo.InvariantCulture));
    Console.Out.Write(BillOfMaterials.Of(args[0], args[1], args[2], time, [.. programs]));
    return 0;
}
catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
{
    Console.Error.WriteLine($"sbom: {e.Message}");
    return 3;
}
