using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>A rewrite that brings what a framework's exporter leaves behind into this project's form; it runs before the passes that every graph goes through. One file each.</summary>
internal abstract class ImportPass : Pass;
