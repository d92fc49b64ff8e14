namespace ResNetEdge.Tests.Unit;

/// <summary>A source file with its place in the house.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
/// <param name="Project">Folder of the project that compiles it.</param>
/// <param name="Room">First folder below the project's, or the project's folder itself for a file beside the project file.</param>
/// <param name="Namespace">Empty for a program's entry file.</param>
/// <param name="Code">The text without comments and strings, line by line as in the file.</param>
internal sealed record RoomFile(string Path, string Project, string Room, string Namespace, string Code);
