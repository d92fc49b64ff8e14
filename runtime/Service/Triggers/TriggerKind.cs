using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Triggers;

/// <summary>A kind of trigger that a configuration can ask for.</summary>
/// <param name="Type">Its value of <c>type</c>.</param>
/// <param name="Schema">Its settings, besides <c>name</c> and <c>type</c>.</param>
/// <param name="Read">Makes the settings from the name of the trigger and its section of the file.</param>
internal sealed record TriggerKind(string Type, Schema Schema, Func<string, Section, TriggerSettings> Read);
