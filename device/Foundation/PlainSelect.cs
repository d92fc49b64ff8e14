namespace ResNetEdge;

/// <summary>
/// <c>Select</c> as a plain iterator. Lying in the enclosing namespace it is found before <c>System.Linq</c>'s, whose iterators have a
/// generic virtual <c>Select</c> that Native AOT must compile for every pair of element types in the program.
/// </summary>
internal static class PlainSelect
{
    /// <summary>Projects each element.</summary>
    public static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)
    {
        foreach (var element in source) yield return selector(element);
    }

    /// <summary>Projects each element with its index.</summary>
    public static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, TResult> selector)
    {
        int index = 0;
        foreach (var element in source) yield return selector(element, index++);
    }
}
