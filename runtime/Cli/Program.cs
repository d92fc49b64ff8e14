namespace ResNetEdge.Cli;

internal static class Program
{
    private static int Main(string[] args) => args.Length == 0 ? (int)ExitCode.Usage : (int)ExitCode.Defect;
}
