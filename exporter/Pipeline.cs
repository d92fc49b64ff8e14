using ResNetEdge.Exporter.Commands;
using ResNetEdge.Exporter.Packaging;
namespace ResNetEdge.Exporter;

internal static class Pipeline
{
    public static ExportReport Run(ExportOptions options, Action<string> log) => throw new NotSupportedException();
}
