using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs;

/// <summary>A kind of output that a configuration can ask for.</summary>
/// <param name="Type">Its value of <c>type</c>.</param>
/// <param name="Schema">Its settings, besides <c>name</c> and <c>type</c>.</param>
/// <param name="Read">Makes the settings from the name of the output and its section of the file.</param>
internal sealed record SinkKind(string Type, Schema Schema, Func<string, Section, SinkSettings> Read);
