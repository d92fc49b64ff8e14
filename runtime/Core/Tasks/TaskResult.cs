using System.Text.Json;

namespace ResNetEdge.Tasks;

/// <summary>
/// What a network says of one input, in the terms of its task. A result is read into again for every frame, so that a frame allocates nothing.
/// For one thread; others are given a <see cref="Copy"/>.
/// </summary>
internal abstract class TaskResult
{
    /// <summary>Name of the task, as in <see cref="TaskTable"/>.</summary>
    public abstract string Task { get; }

    /// <summary>
    /// Writes the result's properties into the JSON object that is open: what <c>run --json</c> prints, what outputs are sent. Allocates nothing.
    /// </summary>
    /// <param name="json">Within an object.</param>
    /// <param name="nonFinite">How numbers are written that JSON does not have.</param>
    public abstract void WriteJson(Utf8JsonWriter json, NonFinite nonFinite);

    /// <summary>
    /// Writes what the live page draws into the object that is open: of <c>status.json</c>. A task that does not say more is shown as its line of
    /// text, property <c>text</c>; the drawings of the others are in <c>runtime/Web/Page/page.js</c>, by the name of the task.
    /// </summary>
    /// <param name="json">Within an object; has no numbers that are not finite.</param>
    public virtual void Draw(Utf8JsonWriter json) => json.WriteString("text"u8, ToText());

    /// <summary>What it says first, for displays that have room for one thing; null: nothing, or the task has no such thing. Allocates
    /// nothing.</summary>
    public virtual (string? Label, int Index, float Score)? Best => null;

    /// <summary>One line for people, without a line end.</summary>
    public abstract string ToText();

    /// <summary>Another result that says the same.</summary>
    public abstract TaskResult Copy();

    /// <summary>Has a copy say what this result says. Allocates nothing.</summary>
    /// <param name="copy">Made by <see cref="Copy"/> of this very result.</param>
    public abstract void CopyTo(TaskResult copy);

    /// <summary>Writes a number that may not be finite, as a damaged network's are.</summary>
    protected static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, float value, NonFinite nonFinite)
    {
        if (float.IsFinite(value)) json.WriteNumber(name, value);
        else if (nonFinite == NonFinite.Null) json.WriteNull(name);
        else json.WriteString(name, float.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
    }
}
